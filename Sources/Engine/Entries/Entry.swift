import Platform

/// One file-like item of a source, as its adapter saw it: everything but its bytes and its children.
package struct Entry: Sendable, Equatable {
    /// What an entry is. The numbers are those of the repository format.
    package enum Kind: UInt8, Sendable, CaseIterable {
        case file = 1
        case directory = 2
        case symlink = 3
        case fifo = 4
        case socket = 5
        case characterDevice = 6
        case blockDevice = 7
    }

    /// A stretch of a file that was never written: `length` zero bytes from `offset` that take no room.
    package struct Hole: Sendable, Hashable {
        package var offset: UInt64
        package var length: UInt64

        /// Makes a hole.
        package init(offset: UInt64, length: UInt64) {
            self.offset = offset
            self.length = length
        }
    }

    /// The name in its directory: any bytes but NUL and `/`; never `.` or `..`.
    package var name: [UInt8]
    package var kind: Kind
    /// Permission bits with set-id and sticky (07777).
    package var permissions: UInt16
    package var user: UInt32
    package var group: UInt32
    /// The owner's name when the source knew one, else empty.
    package var userName: String
    package var groupName: String
    package var modified: Instant
    /// When the inode changed last (ctime); used to see whether a file changed, never restored.
    package var changed: Instant
    package var born: Instant?
    package var inode: UInt64
    package var device: UInt64
    /// How many names the inode had; above 1, equal (device, inode, changed, size) is one hard-link group.
    package var links: UInt32
    /// Bytes of content, for files.
    package var size: UInt64
    /// The plain SHA-256 of the content, for files that come from a snapshot; empty while a source is being captured.
    package var digest: [UInt8]
    /// The target's bytes, for symlinks.
    package var linkTarget: [UInt8]
    /// The device's number, for device files.
    package var specialDevice: UInt64
    /// Extended attributes (ACLs and capabilities among them), sorted by name.
    package var attributes: [ExtendedAttribute]
    /// Inode flags as FS_IOC_GETFLAGS gives them, those that a restore may set.
    package var inodeFlags: UInt32
    /// Where the file has holes, ascending; empty for a file without.
    package var holes: [Hole]

    /// Whether something of it could not be read, which was told: then the next capture looks at it again. Not kept.
    package var isIncomplete = false

    /// Makes an entry with nothing special about it.
    package init(name: [UInt8], kind: Kind, permissions: UInt16, modified: Instant, size: UInt64 = 0) {
        self.name = name
        self.kind = kind
        self.permissions = permissions
        user = 0
        group = 0
        userName = ""
        groupName = ""
        self.modified = modified
        changed = modified
        born = nil
        inode = 0
        device = 0
        links = 1
        self.size = size
        digest = []
        linkTarget = []
        specialDevice = 0
        attributes = []
        inodeFlags = 0
        holes = []
    }
}
