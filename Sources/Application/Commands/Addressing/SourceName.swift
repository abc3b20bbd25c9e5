import Platform

/// The name of a source in its snapshots: 1 to 63 of `a-z 0-9 . _ -`, beginning with a letter or digit.
enum SourceName {
    private static let lengthMax = 63

    /// Whether `text` is a name.
    static func isValid(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, text.count <= lengthMax else { return false }
        return isAlphanumeric(first) && text.allSatisfy(isAllowed)
    }

    /// A name made of a path's last component or of a database's name: lower case, other bytes as `-`.
    /// Nil when nothing of it can begin a name.
    static func derived(from text: some Collection<UInt8>) -> String? {
        let bytes = text.map { byte in
            let lower = (0x41...0x5a).contains(byte) ? byte + 0x20 : byte
            return isAllowed(lower) ? lower : UInt8(ascii: "-")
        }
        let name = bytes.drop { !isAlphanumeric($0) }.prefix(lengthMax)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || [0x2e, 0x5f, 0x2d].contains(byte) }
}
