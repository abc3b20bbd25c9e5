/// A set of bytes: what one place of a pattern may stand for.
struct ByteSet: Sendable, Hashable {
    private var words = SIMD4<UInt64>()

    /// Makes a set of the bytes for which `rule` holds.
    init(where rule: (UInt8) -> Bool = { _ in false }) {
        for byte in UInt8.min...UInt8.max where rule(byte) { insert(byte) }
    }

    func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0 }

    mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    mutating func formUnion(_ other: ByteSet) { words |= other.words }

    /// The bytes that are not in the set.
    var inverted: ByteSet { ByteSet { !contains($0) } }

    /// The set with each ASCII letter in both cases when one of them is in it.
    var ignoringCase: ByteSet { ByteSet { contains($0) || contains(Self.otherCase($0)) } }

    /// The POSIX class of that name, such as `alpha`: in ASCII, as the C locale has it. Nil for an unknown name.
    static func named(_ name: some Collection<UInt8>) -> ByteSet? {
        switch String(decoding: name, as: UTF8.self) {
        case "alnum": ByteSet { isLetter($0) || isDigit($0) }
        case "alpha": ByteSet(where: isLetter)
        case "blank": ByteSet { $0 == 0x20 || $0 == 0x09 }
        case "cntrl": ByteSet { $0 < 0x20 || $0 == 0x7f }
        case "digit": ByteSet(where: isDigit)
        case "graph": ByteSet { (0x21...0x7e).contains($0) }
        case "lower": ByteSet { (0x61...0x7a).contains($0) }
        case "print": ByteSet { (0x20...0x7e).contains($0) }
        case "punct": ByteSet { (0x21...0x7e).contains($0) && !isLetter($0) && !isDigit($0) }
        case "space": ByteSet { $0 == 0x20 || (0x09...0x0d).contains($0) }
        case "upper": ByteSet { (0x41...0x5a).contains($0) }
        case "xdigit": ByteSet { isDigit($0) || (0x61...0x66).contains($0 | 0x20) }
        default: nil
        }
    }

    /// The byte, or its small letter for a capital of ASCII.
    static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    private static func otherCase(_ byte: UInt8) -> UInt8 { isLetter(byte) ? byte ^ 0x20 : byte }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
