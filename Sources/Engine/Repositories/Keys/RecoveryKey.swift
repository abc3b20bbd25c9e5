import Platform
import Sealing

/// A key for the worst day, to be printed: 20 random bytes and a checksum, in Crockford's Base32.
package struct RecoveryKey: Sendable {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let digitCount = 36

    /// The 36 digits, upper case, without separators: the password of the key slot.
    private let digits: [UInt8]

    /// Makes a new key.
    package init(randomness: any Randomness) {
        let secret = randomness.bytes(20)
        digits = Self.spell(secret + Digest.sha256(secret.span).prefix(3)).prefix(Self.digitCount).map { $0 }
    }

    /// Reads what a person typed. Nil when it is no recovery key; a slip in one digit is noticed.
    package init?(_ text: String) {
        var digits: [UInt8] = []
        for byte in text.uppercased().utf8 {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: " "): continue
            case UInt8(ascii: "I"), UInt8(ascii: "L"): digits.append(UInt8(ascii: "1"))
            case UInt8(ascii: "O"): digits.append(UInt8(ascii: "0"))
            default: digits.append(byte)
            }
        }
        guard digits.count == Self.digitCount, let secret = Self.read(digits.prefix(32)) else { return nil }
        let expected = Self.spell(secret + Digest.sha256(secret.span).prefix(3)).prefix(Self.digitCount)
        guard expected.elementsEqual(digits) else { return nil }
        self.digits = digits
    }

    /// The key in groups of four, for paper.
    package var text: String {
        stride(from: 0, to: digits.count, by: 4)
            .map { String(decoding: digits[$0..<min($0 + 4, digits.count)], as: UTF8.self) }
            .joined(separator: "-")
    }

    /// What the slot's scrypt takes as its password.
    var password: SecretBytes { SecretBytes(digits) }

    private static func spell(_ bytes: [UInt8]) -> [UInt8] {
        var digits: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xffff
            count += 8
            while count >= 5 {
                count -= 5
                digits.append(alphabet[Int(bits >> count & 31)])
            }
        }
        return digits
    }

    private static func read(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for digit in digits {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            bits = (bits << 5 | UInt32(value)) & 0xffff
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes
    }
}
