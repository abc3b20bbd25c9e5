/// The time zones that this machine knows, by the names of the IANA's database.
package enum TimeZones {
    private static let directory = "/usr/share/zoneinfo"
    private static let magic = Array("TZif".utf8)

    /// Whether there is a zone of that name. Where the machine has no database at all, every name of the right form
    /// counts: nothing can be told about it.
    package static func holds(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isFormed = parts.allSatisfy { part in
            (part.first.map(isLetter) ?? false)
                && part.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x5f].contains($0) }
        }
        guard isFormed, name != "posixrules", name != "localtime" else { return false }
        if name == "UTC" { return true }
        guard (try? FileStatus(of: Array(directory.utf8), following: true)) != nil else { return true }
        let path = Array("\(directory)/\(name)".utf8)
        guard let status = try? FileStatus(of: path, following: true), status.isRegular,
            let content = try? FileTree.read(path, limit: 1 << 20)
        else { return false }
        return content.starts(with: magic)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
}
