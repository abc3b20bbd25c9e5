import Entries
import Formats
import Platform

extension TarMember {
    /// The member that an entry becomes; nil for a socket, which no archive holds.
    init?(_ entry: Entry, path: [UInt8]) {
        let kind: Kind
        switch entry.kind {
        case .file: kind = .file
        case .directory: kind = .directory
        case .symlink: kind = .symlink
        case .fifo: kind = .fifo
        case .characterDevice: kind = .characterDevice
        case .blockDevice: kind = .blockDevice
        case .socket: return nil
        }
        self.init(kind, path: path)
        permissions = entry.permissions
        user = entry.user
        group = entry.group
        userName = entry.userName
        groupName = entry.groupName
        seconds = entry.modified.seconds
        nanoseconds = entry.modified.nanoseconds
        size = entry.kind == .file ? entry.size : 0
        target = entry.linkTarget
        major = DeviceNumber.major(entry.specialDevice)
        minor = DeviceNumber.minor(entry.specialDevice)
        attributes = entry.attributes.map { Attribute(name: $0.name, value: $0.value) }
        if !entry.holes.isEmpty {
            let map = TarSparseMap(size: entry.size, holes: entry.holes.lazy.map { ($0.offset, $0.length) })
            if map.dataBytes < entry.size { sparse = map }
        }
    }

    /// Another name of a member that is in the archive as `first`.
    init?(_ entry: Entry, path: [UInt8], linkedTo first: [UInt8]) {
        self.init(entry, path: path)
        kind = .hardLink
        target = first
        size = 0
        sparse = nil
        // They are set with the first name.
        attributes = []
    }
}
