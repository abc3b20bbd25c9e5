import Entries
import Platform
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

/// Stores entries as one directory of a repository, for tests that read it back.
struct StoredDirectory {
    let made: TestRepository
    let content: Content
    let session: WriteSession

    init(_ entries: [TreeEntry], in store: any ObjectStore = MemoryStore()) throws {
        made = try TestRepository(in: store)
        session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let writer = try MetadataWriter(made.repository, session: session)
        var builder = TreePageBuilder()
        let borders = try made.repository.pageBorders()
        for entry in entries { try builder.append(entry, borders: borders) { try writer.store($0, $1.span) } }
        content = try builder.finish { try writer.store($0, $1.span) }
        try writer.finish()
        try session.flushIndex()
    }

    static func entries(_ count: Int) -> [TreeEntry] {
        (0..<count).map { number in
            let name = Array("n\(1_000_000 + number)".utf8)
            let entry = Entry(name: name, kind: .fifo, permissions: 0o600, modified: Instant(seconds: Int64(number)))
            return TreeEntry(entry: entry, content: nil, isSettled: true)
        }
    }
}

@Suite("Directories in a repository")
struct StoredTreeTests {
    @Test("are read page by page, and searched for names in order")
    func cursor() throws {
        let entries = StoredDirectory.entries(3000)
        let stored = try StoredDirectory(entries)
        let reader = ChunkReader(stored.made.repository, index: try stored.made.repository.loadIndex())
        let cursor = try TreeCursor(stored.content, reader: reader)
        var read: [TreeEntry] = []
        while let entry = try cursor.next() { read.append(entry) }
        #expect(read == entries)
        #expect(try cursor.next() == nil)

        let search = try TreeCursor(stored.content, reader: reader)
        for number in [0, 1, 17, 1500, 2999] {
            #expect(try search.advance(to: Array("n\(1_000_000 + number)x".utf8)) == nil)
            guard number < 2999 else { continue }
            #expect(try search.advance(to: Array("n\(1_000_000 + number + 1)".utf8)) == entries[number + 1])
        }
    }

    @Test("a page that says another length than its directory is refused")
    func wrongLength() throws {
        let stored = try StoredDirectory(StoredDirectory.entries(10))
        var content = stored.content
        content.items[0].covered -= 1
        content.length -= 1
        let reader = ChunkReader(stored.made.repository, index: stored.session.index)
        let failure = #expect(throws: Failure.self) { try TreeCursor(content, reader: reader).next() }
        #expect(failure?.kind == .damaged)
    }

    @Test("what a lost or damaged index named is found again in the packs, by readers alone", arguments: [true, false])
    func recovery(isLost: Bool) throws {
        let store = MemoryStore()
        let entries = StoredDirectory.entries(500)
        let stored = try StoredDirectory(entries, in: store)
        let name = try #require(try stored.made.repository.names(in: .index).first)
        if isLost { try store.remove(name) } else { store.damage(name) { $0[100] ^= 1 } }
        let index = try stored.made.repository.loadIndex()
        #expect(index.count == 0)
        let writing = ChunkReader(stored.made.repository, index: index, recovers: false)
        #expect(throws: Failure.self) { try TreeCursor(stored.content, reader: writing).next() }
        let reading = ChunkReader(stored.made.repository, index: index)
        let cursor = try TreeCursor(stored.content, reader: reading)
        var read: [TreeEntry] = []
        while let entry = try cursor.next() { read.append(entry) }
        #expect(read == entries)
    }

    @Test("a content that claims to cover the whole number space is walked without memory, until its end is wrong")
    func endless() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let writer = try MetadataWriter(made.repository, session: session)
        // A list of 4,000 times the same chunk; a list of 4,000 times that list; and so on, four levels.
        var item = Content.Item(id: try writer.store(.content, [UInt8](repeating: 1, count: 100).span), covered: 100)
        for _ in 0..<4 {
            var list = ByteWriter()
            Content.write([Content.Item](repeating: item, count: 4000), to: &list)
            item = Content.Item(id: try writer.store(.chunkList, list.bytes.span), covered: item.covered * 4000)
        }
        try writer.finish()
        try session.flushIndex()
        let content = Content(length: item.covered, depth: 4, items: [item])
        let reader = ChunkReader(made.repository, index: session.index)
        let cursor = ContentCursor(content, reader: reader)
        for _ in 0..<20_000 { #expect(try cursor.next()?.length == 100) }
        // As pages these chunks are refused at the first.
        #expect(throws: Failure.self) { try TreeCursor(content, reader: reader).next() }
    }

    @Test("a chunk is not taken for one of another kind")
    func kinds() throws {
        let stored = try StoredDirectory(StoredDirectory.entries(3))
        let reader = ChunkReader(stored.made.repository, index: stored.session.index)
        let id = stored.content.items[0].id
        #expect(try reader.bytes(id, .treePage).count == Int(stored.content.length))
        for kind in [ChunkKind.content, .chunkList] {
            let failure = #expect(throws: Failure.self) { try reader.bytes(id, kind) }
            #expect(failure?.kind == .damaged)
        }
    }
}
