import Platform

/// Reads the numbers and bytes of the format out of authentic bytes; refuses what does not fit.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int
    private let object: String

    /// Reads `bytes` from `start` to their end; `object` is named in failures.
    init(_ bytes: [UInt8], from start: Int = 0, object: String) {
        self.bytes = bytes
        position = min(start, bytes.count)
        end = bytes.count
        self.object = object
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { position == end }
    /// Bytes that are left.
    var remaining: Int { end - position }

    /// A failure about this object.
    func damaged(_ why: String) -> Failure { Failure(.damaged, "\(object) is damaged", cause: why) }

    mutating func byte() throws -> UInt8 {
        guard position < end else { throw damaged("it ends too early") }
        position += 1
        return bytes[position - 1]
    }

    mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            guard shift < 63 || (shift == 63 && byte <= 1) else { throw damaged("a number is too long") }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 {
                guard byte != 0 || shift == 0 else { throw damaged("a number is not in its shortest form") }
                return value
            }
            shift += 7
        }
    }

    /// A varint of at most `limit`.
    mutating func count(_ limit: Int) throws -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else { throw damaged("a length of \(value) is beyond the limit of \(limit)") }
        return Int(value)
    }

    /// A varint that fits in 32 bits.
    mutating func small() throws -> UInt32 {
        guard let value = UInt32(exactly: try varint()) else { throw damaged("a number is too large") }
        return value
    }

    mutating func zigzag() throws -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func word() throws -> UInt32 {
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(try byte()) << (8 * UInt32(index)) }
        return value
    }

    mutating func fixed(_ count: Int) throws -> [UInt8] {
        guard remaining >= count else { throw damaged("it ends too early") }
        position += count
        return Array(bytes[position - count..<position])
    }

    mutating func chunkID() throws -> ChunkID {
        guard remaining >= ChunkID.length else { throw damaged("it ends too early") }
        position += ChunkID.length
        return ChunkID(bytes[position - ChunkID.length..<position])
    }

    /// Bytes with their length in front, at most `limit`.
    mutating func sized(_ limit: Int) throws -> [UInt8] { try fixed(try count(limit)) }

    mutating func text(_ limit: Int) throws -> String {
        let raw = try sized(limit)
        guard let text = String(validating: raw, as: UTF8.self) else { throw damaged("a text is not UTF-8") }
        return text
    }

    /// Refuses bytes behind the end of the structure.
    func finish() throws {
        guard isAtEnd else { throw damaged("\(remaining) bytes follow its end") }
    }
}
