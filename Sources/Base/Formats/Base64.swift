/// Bytes as Base64 with padding (RFC 4648 §4), and back.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The padded text.
    package static func string(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | (index < group.count ? UInt32(group[start + index]) : 0) }
            for index in 0..<4 {
                text.append(
                    index <= group.count ? alphabet[Int(bits >> (18 - 6 * UInt32(index)) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes; nil for anything that `string` would not write.
    package static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 4) {
            var bits: UInt32 = 0
            var padding = 0
            for digit in digits[start..<start + 4] {
                bits <<= 6
                if digit == UInt8(ascii: "=") {
                    padding += 1
                } else if let value = value(digit), padding == 0 {
                    bits |= value
                } else {
                    return nil
                }
            }
            guard padding <= 2, padding == 0 || start + 4 == digits.count else { return nil }
            for index in 0..<(3 - padding) { bytes.append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(index)))) }
        }
        return string(bytes) == text ? bytes : nil
    }

    private static func value(_ digit: UInt8) -> UInt32? { alphabet.firstIndex(of: digit).map { UInt32($0) } }
}
