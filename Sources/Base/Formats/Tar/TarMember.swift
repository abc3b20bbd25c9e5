/// One member of a tar archive, as its headers tell it; its bytes follow in the archive, filled up to whole blocks.
package struct TarMember: Sendable {
    /// What a member is. The numbers are those of the format.
    package enum Kind: UInt8, Sendable {
        case file = 0x30
        /// Another name of a member that came before.
        case hardLink = 0x31
        case symlink = 0x32
        case characterDevice = 0x33
        case blockDevice = 0x34
        case directory = 0x35
        case fifo = 0x36
    }

    /// An extended attribute.
    package struct Attribute: Sendable {
        var name: [UInt8]
        var value: [UInt8]

        /// Makes an attribute.
        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// Names joined by slashes: none in front, none behind, that of a directory neither.
    package var path: [UInt8]
    package var kind: Kind
    /// Permission bits with set-id and sticky.
    package var permissions: UInt16 = 0o644
    package var user: UInt32 = 0
    package var group: UInt32 = 0
    /// The owners' names; empty when they are not known.
    package var userName = ""
    package var groupName = ""
    /// When the content changed last: seconds since 1970, negative before, and nanoseconds after that second.
    package var seconds: Int64 = 0
    package var nanoseconds: UInt32 = 0
    /// Bytes of a file.
    package var size: UInt64 = 0
    /// Where the file's bytes are when it has holes.
    package var sparse: TarSparseMap?
    /// What a symlink points to, or the path of the member that a hard link is another name of.
    package var target: [UInt8] = []
    /// The number of a device.
    package var major: UInt32 = 0
    package var minor: UInt32 = 0
    package var attributes: [Attribute] = []

    /// Makes a member with nothing special about it.
    package init(_ kind: Kind, path: [UInt8]) {
        self.kind = kind
        self.path = path
    }

    /// Bytes that follow the headers, but for the filling.
    package var stored: UInt64 { sparse.map { $0.length + $0.dataBytes } ?? size }
}
