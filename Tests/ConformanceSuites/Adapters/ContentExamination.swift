import DataSources
import Entries
import Platform

/// Reads one content in the ways that the contract allows, and notes where two of them differ.
struct ContentExamination {
    private let content: any ContentSource
    private let entry: Entry
    private let name: String
    private let breaches: Breaches

    /// What one reading gave.
    struct Reading {
        var bytes: [UInt8]
        var entry: Entry
        var unchanged: Bool
    }

    init(_ content: any ContentSource, _ entry: Entry, _ name: String, _ breaches: Breaches) {
        self.content = content
        self.entry = entry
        self.name = name
        self.breaches = breaches
    }

    func run() throws {
        try abandon()
        let first = try Self.read(content, rooms: [1, 1, 2, 3, 7, 61, 997, 4093, 65_536], breaches, name)
        let again = try Self.read(content, rooms: [1 << 20], breaches, name)
        expect(
            first.bytes == again.bytes, "two readings gave \(first.bytes.count) and \(again.bytes.count) other bytes")
        expect(first.entry == again.entry, "two readings gave two entries")
        expect(first.unchanged && again.unchanged, "it stood still, and is called changed")
        expect(first.entry.digest.isEmpty, "a reader has no digest to give")
        judgeHoles(again)
        try readWithoutHoles(again)
    }

    /// A reading that is begun and dropped leaves nothing behind for the next.
    private func abandon() throws {
        let reader = try content.open()
        var buffer = Buffer(capacity: 5)
        _ = try reader.read(into: &buffer)
    }

    /// Reads everything with buffers of these rooms, the last one as often as it takes; each holds other bytes already.
    static func read(
        _ content: any ContentSource, rooms: [Int], _ breaches: Breaches, _ name: String, after: () throws -> Void = {}
    ) throws -> Reading {
        let reader = try content.open()
        var bytes: [UInt8] = []
        var turn = 0
        while true {
            var buffer = Buffer(capacity: 3 + rooms[min(turn, rooms.count - 1)])
            buffer.append([7, 8, 9].span)
            let more = try reader.read(into: &buffer)
            if turn == 0 { try after() }
            turn += 1
            let read = buffer.array()
            breaches.expect(read.starts(with: [7, 8, 9]), "\(name): what the buffer held is gone")
            breaches.expect(more == (read.count > 3), "\(name): read answered \(more) with \(read.count - 3) bytes")
            guard more, read.count > 3 else { break }
            bytes += read.dropFirst(3)
        }
        var rest = Buffer(capacity: 3)
        breaches.expect(try !reader.read(into: &rest) && rest.isEmpty, "\(name): bytes came after the end")
        let (entry, unchanged) = try reader.finish()
        return Reading(bytes: bytes, entry: entry, unchanged: unchanged)
    }

    /// Holes lie in order inside of the content, and are zeros.
    private func judgeHoles(_ reading: Reading) {
        var end: UInt64 = 0
        for (index, hole) in reading.entry.holes.enumerated() {
            expect(hole.length > 0, "a hole of no length")
            expect(
                hole.offset >= end && (index == 0 || hole.offset > end), "the hole at \(hole.offset) is out of order")
            end = hole.offset + hole.length
            guard end <= UInt64(reading.bytes.count) else { return expect(false, "a hole behind the end, at \(end)") }
            let zeros = reading.bytes.span.extracting(Int(hole.offset)..<Int(end))
            expect(zeros.isZero, "the hole at \(hole.offset) is not all zeros")
        }
    }

    /// Asks everywhere where a hole ends, and passes over holes, in two steps each: the bytes are the same ones.
    private func readWithoutHoles(_ whole: Reading) throws {
        let reader = try content.open()
        for offset in Self.places(in: whole) {
            let hole = whole.entry.holes.first { $0.offset <= offset && offset < $0.offset + $0.length }
            let told = reader.endOfHole(at: offset)
            let shown = told.map { String($0) } ?? "none"
            expect(told == hole.map { $0.offset + $0.length }, "at \(offset) it tells of a hole that ends at \(shown)")
        }
        var bytes: [UInt8] = []
        var buffer = Buffer(capacity: 4093)
        while true {
            if let end = reader.endOfHole(at: UInt64(bytes.count)), end > UInt64(bytes.count) {
                let length = Int(end) - bytes.count
                for part in [(length + 1) / 2, length / 2] where part > 0 {
                    reader.skipHole(UInt64(part))
                    bytes += [UInt8](repeating: 0, count: part)
                }
            }
            buffer.clear()
            guard try reader.read(into: &buffer), !buffer.isEmpty else { break }
            bytes.append(buffer.bytes)
        }
        let (entry, unchanged) = try reader.finish()
        expect(bytes == whole.bytes, "with its holes passed over it has \(bytes.count) other bytes")
        expect(entry == whole.entry && unchanged, "with its holes passed over it is another entry")
    }

    /// The borders of all holes and of the content, one byte before and after each, and the middles.
    private static func places(in reading: Reading) -> Set<UInt64> {
        let size = UInt64(reading.bytes.count)
        var places: Set<UInt64> = [0, 1, size / 2, size, size + 1]
        if size > 0 { places.insert(size - 1) }
        for hole in reading.entry.holes {
            let end = hole.offset + hole.length
            places.formUnion([hole.offset, hole.offset + hole.length / 2, end - 1, end, end + 1])
            if hole.offset > 0 { places.insert(hole.offset - 1) }
        }
        return places
    }

    private func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        breaches.expect(holds, "\(name): \(sentence())")
    }
}
