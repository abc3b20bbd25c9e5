/// SipHash-2-4 with 16 bytes of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; the longer
/// output is that of the authors' reference code of 2014).
///
/// libcrypto has this one too: beginning and ending a MAC there takes three times as long as hashing a row of a hundred
/// bytes does here, and a table has millions of rows. Tests compare the two.
struct SipHash: Sendable {
    private let first: UInt64
    private let second: UInt64

    /// How many bytes a key has.
    static let keyBytes = 16

    /// Takes the two halves of a key of 16 bytes, little-endian.
    init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }

    /// The hash, its 16 bytes read as a little-endian number.
    func hash(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
        var state = State(first, second)
        unsafe state.take(bytes, from: 0)
        return state.finish()
    }

    /// The hashes of two runs of bytes, computed in step: each word of a run waits for the one before it, and a
    /// processor that is given two runs at once waits half as long.
    func hash(
        _ bytes: UnsafeRawBufferPointer, _ others: UnsafeRawBufferPointer
    ) -> (one: UInt128, other: UInt128) {
        var one = State(first, second)
        var other = State(first, second)
        let common = min(bytes.count, others.count) & ~7
        var offset = 0
        while offset < common {
            one.take(unsafe State.word(bytes, offset))
            other.take(unsafe State.word(others, offset))
            offset += 8
        }
        unsafe one.take(bytes, from: offset)
        unsafe other.take(others, from: offset)
        return (one.finish(), other.finish())
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        @inline(__always)
        init(_ first: UInt64, _ second: UInt64) {
            v0 = first ^ 0x736f_6d65_7073_6575
            // The last byte says that 16 bytes are wanted.
            v1 = second ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = first ^ 0x6c79_6765_6e65_7261
            v3 = second ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func take(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        /// Takes everything from a multiple of eight on, and the end.
        @inline(__always)
        mutating func take(_ bytes: UnsafeRawBufferPointer, from start: Int) {
            let whole = bytes.count & ~7
            var offset = start
            while offset < whole {
                take(unsafe Self.word(bytes, offset))
                offset += 8
            }
            // The last word holds what is left over, and the length's lowest byte at the top.
            var last = UInt64(truncatingIfNeeded: bytes.count) << 56
            var shift: UInt64 = 0
            while offset < bytes.count {
                last |= unsafe UInt64(bytes[offset]) << shift
                shift += 8
                offset += 1
            }
            take(last)
        }

        @inline(__always)
        static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
            unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }

        @inline(__always)
        mutating func finish() -> UInt128 {
            v2 ^= 0xee
            for _ in 0..<4 { round() }
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { round() }
            return UInt128(v0 ^ v1 ^ v2 ^ v3) << 64 | UInt128(low)
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v2 &+= v3
            v1 = v1 << 13 | v1 >> 51
            v3 = v3 << 16 | v3 >> 48
            v1 ^= v0
            v3 ^= v2
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v1
            v0 &+= v3
            v1 = v1 << 17 | v1 >> 47
            v3 = v3 << 21 | v3 >> 43
            v1 ^= v2
            v3 ^= v0
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
