import Entries
import Platform

extension Entry.Kind {
    /// The kind that the type bits of a mode say; nil for bits that Linux does not know.
    init?(type: UInt16) {
        switch type {
        case 0o100000: self = .file
        case 0o040000: self = .directory
        case 0o120000: self = .symlink
        case 0o010000: self = .fifo
        case 0o140000: self = .socket
        case 0o020000: self = .characterDevice
        case 0o060000: self = .blockDevice
        default: return nil
        }
    }

    /// The type bits of a mode.
    var type: UInt16 {
        switch self {
        case .file: 0o100000
        case .directory: 0o040000
        case .symlink: 0o120000
        case .fifo: 0o010000
        case .socket: 0o140000
        case .characterDevice: 0o020000
        case .blockDevice: 0o060000
        }
    }

    /// The kind in words, for messages.
    package var words: String {
        switch self {
        case .file: "file"
        case .directory: "directory"
        case .symlink: "symlink"
        case .fifo: "FIFO"
        case .socket: "socket"
        case .characterDevice: "character device"
        case .blockDevice: "block device"
        }
    }
}

extension Entry {
    /// What one look at a file tells: everything but its bytes, its attributes, flags and holes, and a symlink's
    /// target.
    init(name: [UInt8], kind: Kind, status: FileStatus, owners: OwnerNames) {
        self.init(name: name, kind: kind, permissions: status.permissions, modified: status.modified)
        take(status, owners: owners)
    }

    /// Takes over what a later look at the same file tells.
    mutating func take(_ status: FileStatus, owners: OwnerNames) {
        permissions = status.permissions
        user = status.user
        group = status.group
        (userName, groupName) = owners.names(user: status.user, group: status.group)
        modified = status.modified
        changed = status.changed
        born = status.born
        inode = status.inode
        device = status.device
        links = status.links
        size = kind == .file ? status.size : 0
        specialDevice = kind == .characterDevice || kind == .blockDevice ? status.specialDevice : 0
    }
}
