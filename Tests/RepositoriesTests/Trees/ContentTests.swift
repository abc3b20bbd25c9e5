import Formats
import Platform
import TestDoubles
import Testing

@testable import Repositories

@Suite("Lists of chunks")
struct ContentTests {
    /// Chunk lists by their ids, as a store would have them.
    private final class Lists {
        var bytes: [ChunkID: [UInt8]] = [:]
        var stored = 0

        func store(_ list: [UInt8]) -> ChunkID {
            stored += 1
            let id = ChunkID(fold(list))
            bytes[id] = list
            return id
        }

        /// Sixteen bytes that depend on every byte of a list.
        private func fold(_ list: [UInt8]) -> [UInt8] {
            var hash: [UInt64] = [14_695_981_039_346_656_037, 1_099_511_628_211]
            for byte in list {
                for index in 0..<2 {
                    hash[index] = (hash[index] ^ UInt64(byte)) &* (1_099_511_628_211 + UInt64(index) * 2)
                }
            }
            return (0..<16).map { UInt8(truncatingIfNeeded: hash[$0 / 8] >> UInt64($0 % 8 * 8)) }
        }

        func chunks(_ content: Content) throws -> [Content.Item] {
            try content.depth == 0 ? content.items : content.items.flatMap { try below($0, content.depth - 1) }
        }

        private func below(_ item: Content.Item, _ depth: UInt8) throws -> [Content.Item] {
            var reader = ByteReader(bytes[item.id] ?? [], object: "list")
            let items = try Content.items(from: &reader, length: item.covered)
            try reader.finish()
            return try depth == 0 ? items : items.flatMap { try below($0, depth - 1) }
        }
    }

    private func items(_ count: Int, seed: UInt64 = 1) -> [Content.Item] {
        let randomness = SeededRandomness(seed: seed)
        return (0..<count).map { _ in
            Content.Item(id: ChunkID(randomness.bytes(16)), covered: UInt64(1 + randomness.next(below: 4 << 20)))
        }
    }

    private func build(_ items: [Content.Item], _ lists: Lists) -> Content {
        var builder = ContentBuilder()
        for item in items { builder.append(item.id, length: Int(item.covered)) { lists.store($0) } }
        return builder.finish { lists.store($0) }
    }

    @Test(
        "of every length come back in order, and few stay in place",
        arguments: [
            0, 1, 2, 63, 64, 65, 100, 4095, 4096, 4097, 5000, 9000, 60_000,
        ])
    func roundTrip(count: Int) throws {
        let lists = Lists()
        let items = items(count)
        let content = build(items, lists)
        #expect(try lists.chunks(content) == items)
        #expect(content.length == items.reduce(0) { $0 + $1.covered })
        #expect(content.items.count <= Limits.inlineItems)
        if count < 64 { #expect(content.depth == 0) }
        if count > 64 { #expect(content.depth > 0) }
        if count == 60_000 { #expect(content.depth == 2) }
        var writer = ByteWriter()
        content.write(to: &writer)
        var reader = ByteReader(writer.bytes, object: "x")
        #expect(try Content(from: &reader) == content)
        #expect(Content(try JSONParser.parse(JSONWriter.bytes(content.json))) == content)
    }

    @Test("equal ids, which nothing cuts, make lists of 4,096")
    func unlucky() throws {
        let same = Content.Item(id: ChunkID(high: 1 << 40, low: 7), covered: 3)
        let items = [Content.Item](repeating: same, count: 4096 * 70 + 5)
        let lists = Lists()
        let content = build(items, lists)
        #expect(content.depth == 2)
        #expect(try lists.chunks(content).count == items.count)
    }

    @Test("a change in the middle of a long file makes a few new lists")
    func locality() {
        var items = items(100_000)
        let lists = Lists()
        _ = build(items, lists)
        let known = Set(lists.bytes.keys)
        items.insert(Content.Item(id: ChunkID(high: 5, low: 5), covered: 5), at: 50_000)
        _ = build(items, lists)
        let new = Set(lists.bytes.keys).subtracting(known)
        #expect(new.count <= 6, "\(new.count) new lists of \(known.count)")
    }

    @Test("that do not add up, are empty inside, too many or too deep are refused")
    func refusals() {
        let good = Content.Item(id: ChunkID(high: 1, low: 1), covered: 5)
        let bad = [
            Content(length: 4, depth: 0, items: [good]), Content(length: 6, depth: 0, items: [good]),
            Content(length: 5, depth: 5, items: [good]), Content(length: 0, depth: 255, items: []),
            Content(length: 5, depth: 0, items: [good, Content.Item(id: good.id, covered: 0)]),
            Content(length: 3, depth: 0, items: [good, Content.Item(id: good.id, covered: .max - 1)]),
            Content(length: .max, depth: 0, items: []),
        ]
        for content in bad {
            var writer = ByteWriter()
            content.write(to: &writer)
            let failure = #expect(throws: Failure.self) {
                var reader = ByteReader(writer.bytes, object: "x")
                _ = try Content(from: &reader)
            }
            #expect(failure?.kind == .damaged)
            #expect(Content(content.json) == nil)
        }
        // A count that promises more than is there takes no memory.
        var writer = ByteWriter()
        writer.varint(1)
        writer.byte(0)
        writer.varint(65_536)
        #expect(throws: Failure.self) {
            var reader = ByteReader(writer.bytes, object: "x")
            _ = try Content(from: &reader)
        }
        let json: [JSONValue?] = [
            nil, .null, [], ["length": -1, "depth": 0, "items": []], ["length": 0, "depth": -1, "items": []],
            ["length": 1, "depth": 0, "items": [["00", 1]]], ["length": 1, "depth": 0, "items": [[]]],
            ["length": 1.5, "depth": 0, "items": []], ["length": 0, "depth": 0],
        ]
        for value in json { #expect(Content(value) == nil) }
    }
}
