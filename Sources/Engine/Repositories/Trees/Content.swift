import Formats

/// A run of bytes as the chunks that make it up, or as lists of such chunks.
package struct Content: Sendable, Equatable {
    /// A chunk and how many of the described bytes lie under it.
    package struct Item: Sendable, Equatable {
        package var id: ChunkID
        package var covered: UInt64

        /// Makes an item.
        package init(id: ChunkID, covered: UInt64) {
            self.id = id
            self.covered = covered
        }
    }

    /// Bytes described.
    package var length: UInt64
    /// 0: the items are the chunks; else they are chunk lists, so many levels deep.
    package var depth: UInt8
    package var items: [Item]

    /// Describes a run.
    package init(length: UInt64, depth: UInt8, items: [Item]) {
        self.length = length
        self.depth = depth
        self.items = items
    }

    /// No bytes.
    package static let empty = Content(length: 0, depth: 0, items: [])

    func write(to writer: inout ByteWriter) {
        writer.varint(length)
        writer.byte(depth)
        Self.write(items, to: &writer)
    }

    init(from reader: inout ByteReader) throws {
        length = try reader.varint()
        depth = try reader.byte()
        guard depth <= Limits.contentDepth else { throw reader.damaged("its chunk lists are nested too deeply") }
        items = try Self.items(from: &reader, length: length)
    }

    static func write(_ items: [Item], to writer: inout ByteWriter) {
        writer.varint(items.count)
        for item in items {
            writer.chunkID(item.id)
            writer.varint(item.covered)
        }
    }

    /// Reads items that cover exactly `length` bytes.
    static func items(from reader: inout ByteReader, length: UInt64) throws -> [Item] {
        let count = try reader.count(Limits.itemsAtMost)
        guard count * (ChunkID.length + 1) <= reader.remaining else { throw reader.damaged("it ends too early") }
        var items: [Item] = []
        items.reserveCapacity(count)
        var total: UInt64 = 0
        for _ in 0..<count {
            let item = Item(id: try reader.chunkID(), covered: try reader.varint())
            let (sum, overflow) = total.addingReportingOverflow(item.covered)
            guard !overflow, item.covered > 0 else { throw reader.damaged("the lengths of its chunks do not add up") }
            total = sum
            items.append(item)
        }
        guard total == length else { throw reader.damaged("the lengths of its chunks do not add up") }
        return items
    }

    /// The content as a record holds it.
    package var json: JSONValue {
        [
            "length": JSONValue(length), "depth": JSONValue(depth),
            "items": .array(items.map { [.string($0.id.description), JSONValue($0.covered)] }),
        ]
    }

    /// Reads what `json` gives; nil when it does not fit.
    package init?(_ json: JSONValue?) {
        guard let length = json?["length"]?.whole, length >= 0, let depth = json?["depth"]?.whole,
            (0...Int64(Limits.contentDepth)).contains(depth), let elements = json?["items"]?.elements,
            elements.count <= Limits.itemsAtMost
        else { return nil }
        var items: [Item] = []
        var total: UInt64 = 0
        for element in elements {
            guard let parts = element.elements, parts.count == 2, let covered = parts[1].whole, covered > 0,
                let id = parts[0].text.flatMap({ Hexadecimal.bytes($0) }), id.count == ChunkID.length
            else { return nil }
            items.append(Item(id: ChunkID(id), covered: UInt64(covered)))
            let (sum, overflow) = total.addingReportingOverflow(UInt64(covered))
            guard !overflow else { return nil }
            total = sum
        }
        guard total == UInt64(length) else { return nil }
        self.init(length: UInt64(length), depth: UInt8(depth), items: items)
    }
}
