/// A fast hash of 64 bits, for accidents only: bytes of ours that were written and read back.
///
/// It is wyhash, final version 4.3, with its default secret and the seed 0 (Wang Yi, "Modern non-cryptographic hash
/// function and pseudorandom number generator", github.com/wangyi-fudan/wyhash, in the public domain): words are folded
/// by a multiplication of 64 × 64 bits whose two halves are xored. It runs at the speed of memory, some ten times as
/// fast as SHA-256. Whoever chooses the bytes can make two of them collide, so it never names anything and is never
/// stored.
package enum WyHash {
    private static let first: UInt64 = 0x2d35_8dcc_aa6c_78a5
    private static let second: UInt64 = 0x8bb8_4b93_962e_acc9
    private static let third: UInt64 = 0x4b33_a62e_d433_d4a3
    private static let fourth: UInt64 = 0x4d5a_2da5_1de1_aa47

    /// The hash of some bytes.
    package static func hash(_ bytes: Span<UInt8>) -> UInt64 { hash(bytes, seed: 0) }

    /// The same with another seed, as the author's test vectors want it.
    static func hash(_ bytes: Span<UInt8>, seed: UInt64) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe hash($0, seed: seed) }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let count = bytes.count
        var state = seed ^ mix(seed ^ first, second)
        guard count > 16 else {
            let (low, high) = unsafe short(bytes)
            return finish(low, high, state, count)
        }
        var offset = 0
        if count >= 48 {
            // Three chains, so that the multiplications overlap.
            var (middle, last) = (state, state)
            repeat {
                state = unsafe mix(word(bytes, offset) ^ second, word(bytes, offset + 8) ^ state)
                middle = unsafe mix(word(bytes, offset + 16) ^ third, word(bytes, offset + 24) ^ middle)
                last = unsafe mix(word(bytes, offset + 32) ^ fourth, word(bytes, offset + 40) ^ last)
                offset += 48
            } while count - offset >= 48
            state ^= middle ^ last
        }
        while count - offset > 16 {
            state = unsafe mix(word(bytes, offset) ^ second, word(bytes, offset + 8) ^ state)
            offset += 16
        }
        return unsafe finish(word(bytes, count - 16), word(bytes, count - 8), state, count)
    }

    /// The two words of at most 16 bytes; some of the bytes are in both.
    private static func short(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        let count = bytes.count
        if count >= 4 {
            let inner = (count >> 3) << 2
            return unsafe (
                half(bytes, 0) << 32 | half(bytes, inner), half(bytes, count - 4) << 32 | half(bytes, count - 4 - inner)
            )
        }
        guard count > 0 else { return (0, 0) }
        return unsafe (UInt64(bytes[0]) << 16 | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1]), 0)
    }

    @inline(__always)
    private static func finish(_ low: UInt64, _ high: UInt64, _ state: UInt64, _ count: Int) -> UInt64 {
        let product = (low ^ second).multipliedFullWidth(by: high ^ state)
        return mix(product.low ^ first ^ UInt64(count), product.high ^ second)
    }

    @inline(__always)
    private static func mix(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.low ^ product.high
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    private static func half(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}
