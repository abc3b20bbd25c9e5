import Formats

/// The keyed name of a chunk's bytes: 16 bytes, meaningless without the `id` key.
package struct ChunkID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The first and the last eight bytes, big-endian, so that they compare as the bytes do.
    package let high: UInt64
    package let low: UInt64

    /// Bytes in an id.
    package static let length = 16

    /// Takes the first 16 bytes of a code.
    package init(_ bytes: some Collection<UInt8>) {
        var (high, low) = (UInt64(0), UInt64(0))
        var count = 0
        for byte in bytes.prefix(Self.length) {
            if count < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
            count += 1
        }
        self.high = high
        self.low = low
    }

    /// Joins two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The 16 bytes.
    package var bytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - 8 * UInt64($0 % 8))) }
    }

    /// The first two bytes as a little-endian number, which decides where chunk lists are cut.
    var border: UInt16 { UInt16(truncatingIfNeeded: high >> 48).byteSwapped }

    package var description: String { Hexadecimal.string(bytes) }
    package static func < (left: ChunkID, right: ChunkID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}
