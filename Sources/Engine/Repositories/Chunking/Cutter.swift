import Platform
import Sealing

/// Finds where chunks end: a keyed gear hash with normalised sizes (Xia et al., "FastCDC", USENIX ATC 2016).
package struct Cutter: Sendable {
    /// Sizes in bytes. Before `average` a cut is four times rarer than it would be, behind it four times commoner.
    package struct Sizes: Sendable, Equatable {
        package var least: Int
        package var average: Int
        package var most: Int

        /// Makes sizes; `average` is a power of two.
        package init(least: Int, average: Int, most: Int) {
            precondition(least <= average && average <= most && most <= Limits.chunkBytes)
            self.least = least
            self.average = average
            self.most = most
        }

        /// For files.
        package static let files = Sizes(least: 256 << 10, average: 1 << 20, most: 4 << 20)

        /// For lines, near an average between 2 KiB and 1 MiB.
        package static func lines(averageBytes: Int) -> Sizes {
            let wanted = min(max(averageBytes, 2 << 10), 1 << 20)
            let average = 1 << (Int.bitWidth - 1 - wanted.leadingZeroBitCount)
            return Sizes(least: average / 4, average: average, most: average * 4)
        }
    }

    private let table: [UInt64]
    /// The sizes in force.
    package let sizes: Sizes
    private let strict: UInt64
    private let loose: UInt64

    /// Makes a cutter whose table comes from the repository's `cut` key.
    package init(key: SecretBytes, sizes: Sizes) {
        let stream = KeyDerivation.derive(key, salt: [], info: Array("salvor gear 1".utf8), count: 2048)
        table = unsafe stream.withBytes { bytes in
            (0..<256).map { index in
                unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
        }
        self.sizes = sizes
        let bits = UInt64(sizes.average.trailingZeroBitCount)
        strict = Self.mask(bits + 2)
        loose = Self.mask(bits - 2)
    }

    /// The highest `bits` bits: they depend on the last 64 bytes, the lowest on the last few only.
    private static func mask(_ bits: UInt64) -> UInt64 { ~0 << (64 - bits) }

    /// The length of the chunk that begins at the start of `bytes`: always `bytes.count` when there are not more than
    /// `least`, never above `most`. `bytes` holds at least `most` bytes unless the content ends there.
    package func cut(_ bytes: Span<UInt8>) -> Int {
        let end = min(bytes.count, sizes.most)
        if end <= sizes.least { return end }
        return Self.scan(bytes, table.span, from: sizes.least, middle: min(sizes.average, end), to: end, strict, loose)
    }

    private static func scan(
        _ bytes: Span<UInt8>, _ table: Span<UInt64>, from start: Int, middle: Int, to end: Int, _ strict: UInt64,
        _ loose: UInt64
    ) -> Int {
        var hash: UInt64 = 0
        var index = max(0, start - 64)
        while index < start {
            hash = hash << 1 &+ table[Int(bytes[index])]
            index += 1
        }
        while index < middle {
            hash = hash << 1 &+ table[Int(bytes[index])]
            index += 1
            if hash & strict == 0 { return index }
        }
        while index < end {
            hash = hash << 1 &+ table[Int(bytes[index])]
            index += 1
            if hash & loose == 0 { return index }
        }
        return end
    }
}
