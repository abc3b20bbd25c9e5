/// The old header of a member: one block with a place for everything.
struct UstarBlock {
    private var bytes = [UInt8](repeating: 0, count: TarHeader.blockBytes)

    static let nameBytes = 100
    private static let prefixBytes = 155
    /// A name of an owner ends with a NUL.
    static let ownerBytes = 31
    /// What seven and eleven octal digits hold.
    static let smallMax: UInt64 = 0o7777777
    static let largeMax: UInt64 = 0o77777777777

    /// Writes what a member is. What does not fit is left to the extended header.
    mutating func fill(_ member: TarMember) {
        let path = Self.path(of: member)
        if let cut = Self.split(path) {
            put(path[..<cut], at: 345)
            put(path[(cut + 1)...], at: 0)
        } else {
            put(path.prefix(Self.nameBytes), at: 0)
        }
        put(octal: UInt64(member.permissions), digits: 7, at: 100)
        put(octal: UInt64(member.user), digits: 7, at: 108)
        put(octal: UInt64(member.group), digits: 7, at: 116)
        put(octal: member.stored, digits: 11, at: 124)
        put(octal: UInt64(max(0, member.seconds)), digits: 11, at: 136)
        bytes[156] = member.kind.rawValue
        put(member.target.prefix(Self.nameBytes), at: 157)
        if member.userName.utf8.count <= Self.ownerBytes { put(member.userName.utf8, at: 265) }
        if member.groupName.utf8.count <= Self.ownerBytes { put(member.groupName.utf8, at: 297) }
        if member.kind == .characterDevice || member.kind == .blockDevice {
            put(device: member.major, at: 329)
            put(device: member.minor, at: 337)
        }
    }

    /// Writes the header of an extended header, which looks like a file to who does not know it.
    mutating func fillExtended(for member: TarMember, length: Int) {
        let name = member.path.split(separator: UInt8(ascii: "/")).last ?? []
        let folder = Array("PaxHeaders/".utf8)
        put(folder + name.prefix(Self.nameBytes - folder.count), at: 0)
        put(octal: 0o644, digits: 7, at: 100)
        put(octal: 0, digits: 7, at: 108)
        put(octal: 0, digits: 7, at: 116)
        put(octal: UInt64(length), digits: 11, at: 124)
        put(octal: UInt64(max(0, member.seconds)), digits: 11, at: 136)
        bytes[156] = UInt8(ascii: "x")
    }

    /// The block with its magic and its sum.
    func finished() -> [UInt8] {
        var block = self
        block.put("ustar".utf8, at: 257)
        block.put("00".utf8, at: 263)
        // While it is summed up the sum counts as blanks.
        block.put(repeatElement(UInt8(ascii: " "), count: 8), at: 148)
        let sum = block.bytes.reduce(UInt64(0)) { $0 + UInt64($1) }
        block.put(octal: sum, digits: 6, at: 148)
        block.bytes[154] = 0
        return block.bytes
    }

    /// The path as the header has it: that of a directory ends with a slash, and that of a file with holes is no name
    /// that anybody wants, for readers that do not know what holes are.
    static func path(of member: TarMember) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        if member.kind == .directory { return member.path + [slash] }
        guard member.sparse != nil else { return member.path }
        let cut = member.path.lastIndex(of: slash).map { $0 + 1 } ?? 0
        return member.path[..<cut] + Array("GNUSparseFile.0/".utf8) + member.path[cut...]
    }

    /// Whether a path fits, as a name or as a prefix and a name.
    static func fits(_ path: [UInt8]) -> Bool { path.count <= nameBytes || split(path) != nil }

    /// The slash at which a long path is cut into a prefix and a name.
    private static func split(_ path: [UInt8]) -> Int? {
        guard path.count > nameBytes else { return nil }
        let first = max(1, path.count - nameBytes - 1)
        guard first <= min(prefixBytes, path.count - 2) else { return nil }
        return (first...min(prefixBytes, path.count - 2)).first { path[$0] == UInt8(ascii: "/") }
    }

    private mutating func put(_ text: some Sequence<UInt8>, at place: Int) {
        for (index, byte) in text.enumerated() { bytes[place + index] = byte }
    }

    /// Writes a number and a NUL; zero when it has more digits: then it stands in the extended header.
    private mutating func put(octal number: UInt64, digits: Int, at place: Int) {
        let text = Array(String(number, radix: 8).utf8)
        guard text.count <= digits else { return put(octal: 0, digits: digits, at: place) }
        put(repeatElement(UInt8(ascii: "0"), count: digits - text.count) + text, at: place)
    }

    /// Writes half of a device's number. Extended headers have no place for a large one: it is written in the binary
    /// form that GNU tar introduced and others read.
    private mutating func put(device number: UInt32, at place: Int) {
        guard number > Self.smallMax else { return put(octal: UInt64(number), digits: 7, at: place) }
        bytes[place] = 0x80
        for index in 0..<4 { bytes[place + 7 - index] = UInt8(truncatingIfNeeded: number >> (8 * UInt32(index))) }
    }
}
