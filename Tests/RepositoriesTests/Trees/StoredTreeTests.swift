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

    @Test("a directory that rests at any place goes on where it was")
    func rest() throws {
        let entries = StoredDirectory.entries(1500)
        let stored = try StoredDirectory(entries)
        let reader = ChunkReader(stored.made.repository, index: try stored.made.repository.loadIndex())
        for step in [1, 2, 7, 1499, 1500] {
            let cursor = try TreeCursor(stored.content, reader: reader)
            var read: [TreeEntry] = []
            cursor.rest()
            while let entry = try cursor.next() {
                read.append(entry)
                if read.count % step == 0 { cursor.rest() }
                if read.count % 3 == 0 {
                    // An entry that was read too early is not lost by a rest.
                    #expect(try cursor.advance(to: entry.entry.name + [0]) == nil)
                    cursor.rest()
                }
            }
            #expect(read == entries, "\(step)")
        }
    }

    @Test("pages can be told before they are read, and passed over unread")
    func pages() throws {
        let entries = StoredDirectory.entries(3000)
        let stored = try StoredDirectory(entries)
        #expect(stored.content.items.count > 4 && stored.content.depth == 0)
        let reader = ChunkReader(stored.made.repository, index: try stored.made.repository.loadIndex())
        let cursor = try TreeCursor(stored.content, reader: reader)
        var told: [ChunkID] = []
        var read: [TreeEntry] = []
        while true {
            if let page = try cursor.nextPage() {
                #expect(try cursor.nextPage() == page, "telling it twice changes nothing")
                told.append(page)
                if told.count % 2 == 0 {
                    cursor.skipPage()
                    continue
                }
            }
            guard let entry = try cursor.next() else { break }
            if try cursor.nextPage() == nil { cursor.rest() }
            read.append(entry)
        }
        #expect(told == stored.content.items.map(\.id))
        // What was read is exactly what the pages hold that were not passed over.
        var expected: [TreeEntry] = []
        for (number, item) in stored.content.items.enumerated() where number % 2 == 0 {
            let page = Content(length: item.covered, depth: 0, items: [item])
            let inside = try TreeCursor(page, reader: reader)
            while let entry = try inside.next() { expected.append(entry) }
        }
        #expect(read == expected && read.count < entries.count && !read.isEmpty)
    }

    @Test("behind a page that cannot be read the others are")
    func behindDamage() throws {
        let store = MemoryStore()
        var entries = StoredDirectory.entries(3000)
        for number in entries.indices {
            entries[number].entry.kind = .symlink
            entries[number].entry.linkTarget = noise(1000, seed: UInt64(number)).map { $0 | 1 }
        }
        let stored = try StoredDirectory(entries, in: store)
        let index = try stored.made.repository.loadIndex()
        var items: [Content.Item] = []
        try ChunkReader(stored.made.repository, index: index).walk(stored.content) {
            items.append(Content.Item(id: $0, covered: UInt64($1)))
        }
        let place = try #require(index.place(of: items[items.count / 2].id))
        let frame = index.frame(place.frame)
        store.damage(index.pack(frame.pack).name) { $0[Int(frame.offset) + 20] ^= 1 }
        let lost = items.filter { index.place(of: $0.id)?.frame == place.frame }
        let cursor = try TreeCursor(stored.content, reader: ChunkReader(stored.made.repository, index: index))
        var read: [TreeEntry] = []
        var failures = 0
        while true {
            do {
                guard let entry = try cursor.next() else { break }
                read.append(entry)
            } catch {
                #expect(Failure(error).kind == .damaged)
                failures += 1
            }
        }
        #expect(failures == lost.count)
        let inOrder = zip(read, read.dropFirst()).allSatisfy {
            $0.0.entry.name.lexicographicallyPrecedes($0.1.entry.name)
        }
        #expect(inOrder && read.count < 3000 && read.count > 1000 && read.allSatisfy(entries.contains))
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

    @Test("every chunk's place among the bytes is told, also behind a list that cannot be read")
    func offsets() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let writer = try MetadataWriter(made.repository, session: session)
        let random = SeededRandomness(seed: 5)
        func list(_ count: Int) throws -> (item: Content.Item, lengths: [UInt64]) {
            let items = (0..<count).map { _ in
                Content.Item(id: ChunkID(random.bytes(16)), covered: UInt64(1 + random.next(below: 1000)))
            }
            var bytes = ByteWriter()
            Content.write(items, to: &bytes)
            let id = try writer.store(.chunkList, bytes.bytes.span)
            let lengths = items.map(\.covered)
            return (Content.Item(id: id, covered: lengths.reduce(0, +)), lengths)
        }
        let (first, last) = (try list(100), try list(50))
        try writer.finish()
        try session.flushIndex()
        let absent = Content.Item(id: ChunkID(high: 1, low: 1), covered: 777)
        let items = [first.item, absent, last.item]
        let content = Content(length: items.reduce(0) { $0 + $1.covered }, depth: 1, items: items)
        let cursor = ContentCursor(content, reader: ChunkReader(made.repository, index: session.index))
        var expected: UInt64 = 0
        for length in first.lengths {
            #expect(try cursor.next()?.length == Int(length))
            #expect(cursor.offset == expected)
            expected += length
        }
        #expect(throws: Failure.self) { try cursor.next() }
        expected += 777
        for length in last.lengths {
            #expect(try cursor.next()?.length == Int(length))
            #expect(cursor.offset == expected)
            expected += length
        }
        #expect(try cursor.next() == nil)
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
