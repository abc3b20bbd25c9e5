import Platform
import TestDoubles
import Testing

@testable import Repositories

@Suite("The rows of the index")
struct ChunkRowsTests {
    /// Ids as real ones are, and ids that a stranger chose: of one beginning, of one end, all the same.
    private static let kinds = ["uniform", "one beginning", "one end", "few", "descending"]

    private static func id(_ kind: String, _ number: Int, _ randomness: SeededRandomness) -> ChunkID {
        let bytes = randomness.bytes(16)
        switch kind {
        case "one beginning": return ChunkID([UInt8](repeating: 7, count: 12) + bytes.prefix(4))
        case "one end": return ChunkID(bytes.prefix(3) + [UInt8](repeating: 0xff, count: 13))
        case "few": return ChunkID([bytes[0] % 3] + [UInt8](repeating: 0, count: 15))
        case "descending": return ChunkID(high: .max - UInt64(number), low: UInt64(number))
        default: return ChunkID(bytes)
        }
    }

    private static func place(_ number: Int) -> ChunkPlace {
        ChunkPlace(frame: UInt32(number) &* 0x9e37_79b1, offset: UInt32(number % 0xffffff), length: 1 << 22)
    }

    private func read(_ rows: borrowing ChunkRows) -> [ChunkRow] { (0..<rows.count).map { rows.row($0) } }

    @Test("are in order and all there, however they came and in however many parts", arguments: kinds)
    func order(kind: String) {
        for parts in [[0], [1], [5000], [3000, 1, 200, 2999], [1, 10, 100, 1000], [30, 30, 30]] {
            let randomness = SeededRandomness(seed: UInt64(parts.count))
            var rows = ChunkRows()
            var expected: [ChunkRow] = []
            for part in parts {
                for _ in 0..<part {
                    let number = expected.count
                    expected.append(ChunkRow(Self.id(kind, number, randomness), Self.place(number)))
                    rows.append(expected[number].id, expected[number].place)
                }
                rows.settle()
            }
            let sorted = expected.sorted {
                ($0.id, $0.place.frame, $0.place.offset) < ($1.id, $1.place.frame, $1.place.offset)
            }
            let found = read(rows)
            #expect(found.map(\.id) == sorted.map(\.id) && found.map(\.place) == sorted.map(\.place), "\(parts)")
            #expect(rows.chunks == Set(expected.map(\.id)).count)
            for row in expected {
                let number = rows.row(of: row.id)
                #expect(number == sorted.firstIndex { $0.id == row.id }, "\(kind) \(row.id)")
            }
            for _ in 0..<100 {
                let absent = ChunkID(randomness.bytes(16))
                #expect(rows.row(of: absent) == nil)
            }
            for edge in [ChunkID(high: 0, low: 0), ChunkID(high: .max, low: .max), ChunkID(high: 7, low: 7)]
            where !expected.contains(where: { $0.id == edge }) {
                #expect(rows.row(of: edge) == nil)
            }
        }
    }

    @Test("that are the same to the last byte are kept once; copies of a chunk lie side by side")
    func repeated() {
        var rows = ChunkRows()
        let id = ChunkID(high: 5, low: 6)
        for number in [3, 1, 2, 3, 1, 3] {
            rows.append(id, ChunkPlace(frame: UInt32(number), offset: 1, length: 2))
            rows.append(ChunkID(high: 9, low: UInt64(number)), ChunkPlace(frame: 0, offset: 0, length: 1))
            if number == 2 { rows.settle() }
        }
        rows.settle()
        #expect(rows.count == 6 && rows.chunks == 4)
        let first = rows.row(of: id) ?? -1
        #expect((0..<3).map { rows.row(first + $0).place.frame } == [1, 2, 3])
    }

    @Test("a row holds the largest numbers that the format allows, and sorts by each of them")
    func edges() {
        let places = [
            ChunkPlace(frame: 0, offset: 0, length: 1), ChunkPlace(frame: 0, offset: 0, length: 0xffff),
            ChunkPlace(frame: 0, offset: 0, length: 0x1_0000), ChunkPlace(frame: 0, offset: 1, length: 1),
            ChunkPlace(frame: 0, offset: 0xff_ffff, length: 0x40_0000), ChunkPlace(frame: 1, offset: 0, length: 1),
            ChunkPlace(frame: .max, offset: UInt32(Limits.frameBytes), length: UInt32(Limits.chunkBytes)),
        ]
        for seed in 0..<20 as Range<UInt64> {
            let randomness = SeededRandomness(seed: seed)
            let order = places.indices.map { ($0, randomness.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
            var rows = ChunkRows()
            for place in order.map({ places[$0] }) { rows.append(ChunkID(high: .max, low: .max), place) }
            rows.settle()
            #expect(read(rows).map(\.place) == places)
        }
    }

    @Test("this run's chunks are claimed once, and leave the table when they are placed")
    func recent() {
        let randomness = SeededRandomness(seed: 4)
        let ids = (0..<20_000).map { _ in ChunkID(randomness.bytes(16)) }
        var recent = RecentChunks()
        for id in ids { recent.claim(id) }
        #expect(recent.count == 20_000 && recent.placed == 0)
        let place = ChunkPlace(frame: 1, offset: 2, length: 3)
        let other = ChunkPlace(frame: 9, offset: 9, length: 9)
        for id in ids.prefix(15_000) {
            let (first, second) = (recent.put(id, at: place), recent.put(id, at: other))
            #expect(first && !second)
        }
        #expect(recent.place(of: ids[0]) == place && recent.place(of: ids[19_999]) == nil)
        var drained: Set<ChunkID> = []
        recent.drain { id, at in
            #expect(at == place)
            drained.insert(id)
        }
        #expect(drained == Set(ids.prefix(15_000)))
        #expect(recent.count == 5000 && recent.placed == 0)
        for (number, id) in ids.enumerated() { #expect(recent.contains(id) == (number >= 15_000)) }
    }
}
