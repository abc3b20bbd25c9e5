import Entries
import Platform
import Sealing
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("Directories as pages")
struct TreePageTests {
    /// Pages and lists by id, and how many were new.
    private final class Pages {
        var chunks: [ChunkID: [UInt8]] = [:]
        var new = 0
        private let namer: ChunkNamer

        init(_ repository: Repository) { namer = repository.namer() }

        func store(_ kind: ChunkKind, _ bytes: [UInt8]) -> ChunkID {
            let id = namer.name(kind, bytes.span).id
            if chunks.updateValue(bytes, forKey: id) == nil { new += 1 }
            return id
        }

        func entries(_ content: Content) throws -> [TreeEntry] {
            try items(content.items, content.depth).flatMap { item -> [TreeEntry] in
                let bytes = chunks[item.id] ?? []
                #expect(bytes.count == Int(item.covered))
                var reader = ByteReader(bytes, object: "page")
                #expect(try reader.byte() == 1)
                var entries: [TreeEntry] = []
                while !reader.isAtEnd { entries.append(try TreeEntryCoding.read(from: &reader, object: "page")) }
                return entries
            }
        }

        func items(_ items: [Content.Item], _ depth: UInt8) throws -> [Content.Item] {
            if depth == 0 { return items }
            return try items.flatMap { item -> [Content.Item] in
                var reader = ByteReader(chunks[item.id] ?? [], object: "list")
                return try self.items(try Content.items(from: &reader, length: item.covered), depth - 1)
            }
        }
    }

    private static func entry(_ number: Int, attributeBytes: Int = 0) -> TreeEntry {
        let name = "file-" + String(1_000_000 + number)
        var entry = Entry(
            name: Array(name.utf8), kind: .fifo, permissions: 0o600, modified: Instant(seconds: Int64(number)))
        if attributeBytes > 0 {
            entry.attributes = (0..<(attributeBytes / 60_000 + 1)).map {
                ExtendedAttribute(
                    name: [UInt8($0 + 1)], value: [UInt8](repeating: 7, count: min(attributeBytes, 60_000)))
            }
        }
        return TreeEntry(entry: entry, content: nil, isSettled: true)
    }

    private func build(_ entries: [TreeEntry], _ pages: Pages, _ repository: Repository) throws -> Content {
        var builder = TreePageBuilder()
        let borders = try repository.pageBorders()
        for entry in entries { try builder.append(entry, borders: borders) { pages.store($0, $1) } }
        return try builder.finish { pages.store($0, $1) }
    }

    @Test(
        "of any size come back in order; up to 256 entries are one page",
        arguments: [0, 1, 2, 255, 256, 257, 1000, 5000])
    func roundTrip(count: Int) throws {
        let repository = try TestRepository().repository
        let pages = Pages(repository)
        let entries = (0..<count).map { Self.entry($0) }
        let content = try build(entries, pages, repository)
        #expect(try pages.entries(content) == entries)
        if count == 0 { #expect(content == .empty) }
        if (1...256).contains(count) { #expect(content.items.count == 1 && content.depth == 0) }
        if count >= 5000 { #expect(content.items.count > 5) }
    }

    @Test("one name more in a directory of 100,000 makes a few new pages")
    func onlyWhatChanges() throws {
        let repository = try TestRepository().repository
        let pages = Pages(repository)
        var entries = (0..<100_000).map { Self.entry($0 * 2) }
        let before = try build(entries, pages, repository)
        #expect(pages.new > 300)
        for place in [0, 50_000, 100_000] {
            pages.new = 0
            var added = entries
            added.insert(Self.entry(place * 2 - 1), at: place)
            #expect(try pages.entries(build(added, pages, repository)).count == 100_001)
            // A page, the list that names it, and where a border falls together, one of each more.
            #expect(pages.new <= 6, "\(pages.new) new pages")
        }
        pages.new = 0
        entries[77_777].entry.permissions = 0
        _ = try build(entries, pages, repository)
        #expect(pages.new <= 4)
        pages.new = 0
        entries[77_777].entry.permissions = 0o600
        #expect(try build(entries, pages, repository) == before && pages.new == 0)
    }

    @Test("entries with large attributes make pages that are still chunks", arguments: [2, 100, 400])
    func largeEntries(count: Int) throws {
        let repository = try TestRepository().repository
        let pages = Pages(repository)
        let entries = (0..<count).map { Self.entry($0, attributeBytes: $0 % 3 == 0 ? 1_500_000 : 60_000) }
        let content = try build(entries, pages, repository)
        #expect(pages.chunks.values.allSatisfy { $0.count <= Limits.chunkBytes })
        #expect(try pages.entries(content) == entries)
    }
}
