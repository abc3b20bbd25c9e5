/// The numbers of the format as bytes, written by the article and not by the product's own writer: for what no honest
/// writer makes.
package enum RawBytes {
    /// A varint.
    package static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
    }

    /// Bytes with their length in front.
    package static func sized(_ bytes: [UInt8]) -> [UInt8] { varint(UInt64(bytes.count)) + bytes }
}
