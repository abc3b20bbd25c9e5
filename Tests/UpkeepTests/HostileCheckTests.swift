import Formats
import Platform
import Repositories
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

/// What one who has the keys can put into a repository, and what check says of it.
@Suite("A check of a hostile repository")
struct HostileCheckTests {
    private func check(_ made: TestRepository, readsData: Bool = true) throws -> [CheckOutcome.Damage] {
        try CheckRun(TestRepository.open(made.store), readsData: readsData).run().damages
    }

    @Test("names each directory that is not as it must be, and nothing else")
    func pages() throws {
        let forgery = try Forgery()
        var entries: [RawEntry] = []
        var bad: [String] = []
        func add(_ name: String, _ pages: Content, isBad: Bool = true) {
            entries.append(.directory(name, pages))
            if isBad { bad.append(name + "/") }
        }
        let file = try forgery.file("x", [1, 2, 3])
        for (number, name) in ["..", ".", "", "/", "a/b", "\0"].enumerated() {
            add("a\(number)", try forgery.page([file.named(Array(name.utf8))]))
        }
        add("b0", try forgery.page([file, file]))
        add("b1", try forgery.page([file.named([2]), file.named([1])]))
        add("c0", try forgery.rawPage([1]))
        add("c1", try forgery.rawPage([2]))
        add("c2", try forgery.rawPage([1, 200, 200, 1]))
        add("c3", try forgery.rawPage([2] + file.bytes))
        add("d0", try forgery.page([RawEntry(1, [0x78])]))
        add("e good", try forgery.page([file]), isBad: false)
        add("f nothing", .empty, isBad: false)
        let record = try forgery.commit(web: forgery.page(entries))
        let label = "snapshot \(record.shortIdentifier): web/"
        for readsData in [false, true] {
            let damages = try check(forgery.made, readsData: readsData)
            #expect(damages.map(\.object) == bad.map { label + $0 }, "\(damages)")
        }
    }

    @Test("names all pages of a directory that are damaged, not the first alone")
    func manyPages() throws {
        let forgery = try Forgery()
        var items: [Content.Item] = []
        for number in 0..<20 {
            let names = number % 2 == 0 ? ["n\(1000 + number)"] : ["n\(1000 + number)", "n\(1000 + number)"]
            items += try forgery.page(names.map { try forgery.file($0, [1]) }).items
        }
        let pages = Content(length: items.reduce(0) { $0 + $1.covered }, depth: 0, items: items)
        let absent = Content(length: 5, depth: 0, items: [.init(id: ChunkID(high: 1, low: 1), covered: 5)])
        let last = try forgery.page([.file("z", absent, digest: sha256([]))])
        let all = Content(length: pages.length + last.length, depth: 0, items: pages.items + last.items)
        let record = try forgery.commit(web: forgery.page([.directory("d", all)]))
        let damages = try check(forgery.made)
        let label = "snapshot \(record.shortIdentifier): web/d/"
        #expect(damages.map(\.object) == [String](repeating: label, count: 10) + [label + "z"], "\(damages)")
    }

    @Test("comes to the end of directories and lists that have none", arguments: [false, true])
    func endless(readsData: Bool) throws {
        let forgery = try Forgery()
        let file = try forgery.file("x", [1, 2, 3])
        func repeated(_ page: Content) throws -> Content {
            var item = page.items[0]
            for times in [60_000, 60_000, 500] { item = try forgery.list(item, times: times) }
            return Content(length: item.covered, depth: 3, items: [item])
        }
        let empty = try repeated(forgery.rawPage([1]))
        let same = try repeated(forgery.page([file]))
        var tree = try forgery.page([file])
        for _ in 0..<60 { tree = try forgery.page([.directory("a", tree), .directory("b", tree)]) }
        var chunk = Content.Item(id: try forgery.chunk(.content, [1, 2, 3]), covered: 3)
        for _ in 0..<4 { chunk = try forgery.list(chunk, times: 20_000) }
        let absent = Content.Item(id: ChunkID(high: 1, low: 1), covered: 3)
        var missing = absent
        for _ in 0..<4 { missing = try forgery.list(missing, times: 20_000) }
        let endless = Content(length: chunk.covered, depth: 4, items: [chunk])
        let lost = Content(length: missing.covered, depth: 4, items: [missing])
        let record = try forgery.commit(
            web: forgery.page([
                .directory("a empty", empty), .directory("b same", same), .directory("c tree", tree),
                .file("d endless", endless, digest: sha256([])), .file("e lost", lost, digest: sha256([])),
            ]))
        let damages = try check(forgery.made, readsData: readsData)
        let label = "snapshot \(record.shortIdentifier): web/"
        #expect(
            Set(damages.map(\.object)) == Set(["a empty/", "b same/", "e lost"].map { label + $0 }),
            "\(Set(damages.map(\.object)))")
    }

    @Test("follows a directory of a million entries page by page")
    func million() throws {
        let forgery = try Forgery()
        var items: [Content.Item] = []
        for page in 0..<10 {
            var bytes: [UInt8] = [1]
            for number in 0..<100_000 {
                let digits = Array(String(1_000_000 + page * 100_000 + number).utf8)
                // Kind, name, permissions, owner, four numbers of times, inode, device, links: a FIFO.
                let entry: [UInt8] = [4, 7] + digits + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
                bytes.append(UInt8(entry.count))
                bytes += entry
            }
            items += try forgery.rawPage(bytes).items
        }
        let pages = Content(length: items.reduce(0) { $0 + $1.covered }, depth: 0, items: items)
        try forgery.commit(web: pages)
        let outcome = try CheckRun(forgery.made.repository, readsData: true).run()
        #expect(outcome.isHealthy && outcome.entries == 1_000_001)
    }

    @Test("an index whose chunks overlap, or lie elsewhere than in the pack, is named by its pack")
    func overlap() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let namer = made.repository.namer()
        let bytes = noise(1000, seed: 1)
        var packs: [FinishedPack] = []
        let sealer = PackSealer(.dataPack, repository: made.repository, session: session.id, compression: .stored) {
            packs.append($0)
        }
        var frame = FrameBuffer(capacity: 1000)
        frame.append(
            bytes.span, id: namer.name(.content, bytes.span).id, quickHash: WyHash.hash(bytes.span))
        try sealer.store(frame)
        try sealer.finish()
        var lie = try #require(packs.first)
        // Two chunks with their right ids, one of which lies across the other: neither is in the directory.
        let (head, tail) = (bytes.span.extracting(0..<600), bytes.span.extracting(600..<1000))
        lie.frames[0].chunks = [
            .init(id: namer.name(.content, head).id, length: 600),
            .init(id: namer.name(.content, tail).id, length: 400),
        ]
        try session.add(lie)
        try session.flushIndex()
        let index = try made.repository.loadIndex()
        let reader = ChunkReader(made.repository, index: index)
        #expect(try reader.bytes(lie.frames[0].chunks[1].id, .content) == Array(bytes[600...]), "its bytes are right")
        let damages = try check(made)
        #expect(damages.map(\.object) == [lie.info.name.text], "\(damages)")
    }
}
