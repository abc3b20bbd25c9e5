import Testing

@testable import Sealing

@Suite("The fast hash")
struct WyHashTests {
    /// The test vectors of wyhash's author for version 4: the seed is the place in the list.
    private static let vectors: [(String, UInt64)] = [
        ("", 0x9322_8a4d_e0ee_c5a2), ("a", 0xc5ba_c3db_1787_13c4), ("abc", 0xa97f_2f7b_1d9b_3314),
        ("message digest", 0x786d_1f1d_f380_1df4), ("abcdefghijklmnopqrstuvwxyz", 0xdca5_a813_8ad3_7c87),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 0xb9e7_34f1_17cf_af70),
        (String(repeating: "1234567890", count: 8), 0x6cc5_eab4_9a92_d617),
    ]

    @Test("gives what its author's does")
    func published() {
        for (seed, (text, expected)) in Self.vectors.enumerated() {
            #expect(WyHash.hash(Array(text.utf8).span, seed: UInt64(seed)) == expected, "\(text)")
        }
    }

    @Test("gives what a slow one gives, at every length around its steps and every alignment")
    func reference() {
        let bytes = (0..<400).map { UInt8(truncatingIfNeeded: $0 &* 131 ^ $0 >> 3) }
        for start in 0..<8 {
            for length in 0...300 {
                let piece = Array(bytes[start..<start + length])
                let hash = WyHash.hash(bytes.span.extracting(start..<start + length))
                #expect(hash == Self.slow(piece), "\(start) \(length)")
            }
        }
    }

    @Test("sees each bit of a chunk")
    func bits() {
        for length in [1, 3, 4, 9, 16, 17, 47, 48, 49, 100] {
            var bytes = [UInt8](repeating: 0xa5, count: length)
            let whole = WyHash.hash(bytes.span)
            for bit in 0..<8 * length {
                bytes[bit / 8] ^= 1 << (bit % 8)
                #expect(WyHash.hash(bytes.span) != whole, "\(length) \(bit)")
                bytes[bit / 8] ^= 1 << (bit % 8)
            }
        }
    }

    /// The definition read aloud: numbers of 128 bits, a list of lanes, bytes one by one.
    private static func slow(_ bytes: [UInt8]) -> UInt64 {
        let secret: [UInt64] = [
            0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9, 0x4b33_a62e_d433_d4a3, 0x4d5a_2da5_1de1_aa47,
        ]
        func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
            let product = UInt128(one) * UInt128(other)
            return UInt64(truncatingIfNeeded: product) ^ UInt64(truncatingIfNeeded: product >> 64)
        }
        func number(_ place: Int, _ size: Int) -> UInt64 {
            (0..<size).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
        }
        var lanes = [UInt64](repeating: fold(secret[0], secret[1]), count: 3)
        var (place, left) = (0, bytes.count)
        while left >= 48 {
            for lane in 0..<3 {
                lanes[lane] = fold(
                    number(place, 8) ^ secret[lane + 1], number(place + 8, 8) ^ lanes[lane])
                place += 16
            }
            left -= 48
        }
        var state = bytes.count >= 48 ? lanes[0] ^ lanes[1] ^ lanes[2] : lanes[0]
        while left > 16 {
            state = fold(number(place, 8) ^ secret[1], number(place + 8, 8) ^ state)
            (place, left) = (place + 16, left - 16)
        }
        var words: (UInt64, UInt64) = (0, 0)
        let count = bytes.count
        switch count {
        case 0: break
        case 1...3: words.0 = UInt64(bytes[0]) << 16 | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1])
        case 4...16:
            let inner = count / 8 * 4
            words = (
                number(0, 4) << 32 | number(inner, 4), number(count - 4, 4) << 32 | number(count - 4 - inner, 4)
            )
        default: words = (number(count - 16, 8), number(count - 8, 8))
        }
        let product = UInt128(words.0 ^ secret[1]) * UInt128(words.1 ^ state)
        return fold(
            UInt64(truncatingIfNeeded: product) ^ secret[0] ^ UInt64(count),
            UInt64(truncatingIfNeeded: product >> 64) ^ secret[1])
    }
}
