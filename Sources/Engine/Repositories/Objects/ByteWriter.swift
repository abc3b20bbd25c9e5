/// Writes the numbers and bytes of the format.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func varint(_ value: Int) { varint(UInt64(value)) }

    mutating func zigzag(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func word(_ value: UInt32) {
        for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))) }
    }

    mutating func chunkID(_ id: ChunkID) {
        for half in [id.high, id.low] {
            for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64(index)))) }
        }
    }

    /// Bytes with their length in front.
    mutating func sized(_ value: [UInt8]) {
        varint(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func text(_ value: String) { sized(Array(value.utf8)) }
}
