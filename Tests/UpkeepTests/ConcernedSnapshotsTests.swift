import Platform
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

@Suite("A check of snapshots that share damage")
struct ConcernedSnapshotsTests {
    private let made: TestRepository
    private let absent = Content(length: 5, depth: 0, items: [.init(id: ChunkID(high: 1, low: 1), covered: 5)])

    init() throws { made = try TestRepository() }

    private func check(readsData: Bool = false) throws -> CheckOutcome {
        try CheckRun(TestRepository.open(made.store), readsData: readsData).run()
    }

    /// Commits a snapshot of its own session.
    private func commit(_ entries: (Forgery) throws -> [RawEntry]) throws -> String {
        let forgery = try Forgery(made)
        return "snapshot \(try forgery.commit(web: forgery.page(entries(forgery))).shortIdentifier): web/"
    }

    private func bad(_ name: String) -> RawEntry { .file(name, absent, digest: sha256([])) }

    @Test("names each of them, the newest first, wherever in them the damage is", arguments: [false, true])
    func shared(readsData: Bool) throws {
        let forgery = try Forgery(made)
        let good = try forgery.page([forgery.file("g", [1])])
        let shared = try forgery.page([bad("x"), forgery.file("y", [2])])
        let around = try forgery.page([.directory("common", shared), .directory("good", good)])
        try forgery.store()
        var labels: [String] = []
        for place in ["a", "b", "c"] {
            labels.append(
                try commit { own in
                    try [.directory(place, around), own.file("own", Array(place.utf8)), .directory("z", good)]
                })
        }
        let damages = try check(readsData: readsData).damages
        let expected = zip(labels, ["a", "b", "c"]).reversed().map { $0 + $1 + "/common/x" }
        #expect(damages.map(\.object) == expected, "\(damages)")
    }

    @Test("names one that holds the damage only where a newer one was not followed again")
    func otherWay() throws {
        let forgery = try Forgery(made)
        let shared = try forgery.page([bad("x")])
        let around = try forgery.page([.directory("inner", shared)])
        try forgery.store()
        let old = try commit { _ in [.directory("outer", around)] }
        let new = try commit { own in try [.directory("a", shared), .directory("b", around), own.file("c", [1])] }
        let damages = try check().damages
        #expect(damages.map(\.object) == [new + "a/x", old + "outer/inner/x"], "\(damages)")
    }

    @Test("names each of them when a page, or a list of pages, cannot be read, or a page of many is bad")
    func pages() throws {
        let forgery = try Forgery(made)
        let lost = Content(length: 5, depth: 0, items: absent.items)
        let broken = try forgery.rawPage([2])
        var items: [Content.Item] = []
        for number in 0..<6 {
            items += try forgery.page([number == 3 ? bad("n3") : forgery.file("n\(number)", [1])]).items
        }
        let list = Content.Item(
            id: try forgery.chunk(.chunkList, RawEntry.items(items)), covered: items.reduce(0) { $0 + $1.covered })
        let many = Content(length: list.covered, depth: 1, items: [list])
        let lostList = Content(length: 5, depth: 1, items: absent.items)
        try forgery.store()
        let labels = try (0..<3).map { number in
            try commit { own in
                try [
                    .directory("broken", broken), .directory("list", lostList), .directory("lost", lost),
                    .directory("many", many), own.file("own", [UInt8(number)]),
                ]
            }
        }
        let damages = try check().damages
        let each = ["broken/", "list/", "lost/", "many/n3"]
        #expect(damages.map(\.object) == labels.reversed().flatMap { label in each.map { label + $0 } }, "\(damages)")
    }

    @Test("names each of them when a file's bytes are not those of its SHA-256")
    func digests() throws {
        let forgery = try Forgery(made)
        let items = try [[1, 2], [3]].map { try forgery.content($0).items[0] }
        let content = Content(length: 3, depth: 0, items: items)
        let shared = try forgery.page([
            .file("right", content, digest: sha256([1, 2, 3])), .file("wrong", content, digest: sha256([9])),
        ])
        try forgery.store()
        let labels = try (0..<3).map { number in
            try commit { own in try [.directory("d", shared), own.file("own", [UInt8(number)])] }
        }
        let outcome = try check(readsData: true)
        #expect(outcome.damages.map(\.object) == labels.reversed().map { $0 + "d/wrong" }, "\(outcome.damages)")
        #expect(outcome.filesCompared == 2)
    }

    @Test("of a flood names a thousand and one of each snapshot, and says that it did not count all")
    func flood() throws {
        let forgery = try Forgery(made)
        let leaf = try forgery.page((1000..<2500).map { bad("f\($0)") })
        let other = try forgery.page((0..<500).map { bad("o\($0 + 100)") })
        let shared = try forgery.page([.directory("deep", leaf), .directory("other", other)])
        try forgery.store()
        let labels = try (0..<40).map { number in
            try commit { own in try [.directory("d", shared), own.file("own", [UInt8(number)])] }
        }
        let outcome = try check()
        for label in labels { #expect(outcome.damages.contains { $0.object.hasPrefix(label) }, "\(label)") }
        #expect(outcome.damages.count == 1039 && outcome.moreDamages >= 1000 && !outcome.isCounted)
        #expect(outcome.entries < 2500, "what they share was counted once")
    }

    @Test("a tree that claims to have no end is followed once a snapshot, with damage at its bottom")
    func endless() throws {
        let forgery = try Forgery(made)
        var tree = try forgery.page([bad("x")])
        for _ in 0..<60 { tree = try forgery.page([.directory("a", tree), .directory("b", tree)]) }
        try forgery.store()
        let labels = try (0..<5).map { number in
            try commit { own in try [.directory("t", tree), own.file("u", [UInt8(number)])] }
        }
        let outcome = try check()
        let way = String(repeating: "/a", count: 60) + "/x"
        #expect(outcome.damages.map(\.object) == labels.reversed().map { $0 + "t" + way })
        #expect(outcome.isCounted)
    }

    @Test("a root that cannot be read is named, and no source is said to be absent from it")
    func root() throws {
        let forgery = try Forgery(made)
        let record = try forgery.commit(root: forgery.rawPage([2]))
        let damages = try check().damages
        #expect(damages.map(\.object) == ["snapshot \(record.shortIdentifier): its root"], "\(damages)")
    }

    @Test("an empty file's SHA-256 is that of no bytes", arguments: [false, true])
    func empty(readsData: Bool) throws {
        let label = try commit { _ in
            [.file("right", .empty, digest: sha256([])), .file("wrong", .empty, digest: sha256([1]))]
        }
        let damages = try check(readsData: readsData).damages
        #expect(damages.map(\.object) == [label + "wrong"], "\(damages)")
    }

    @Test(
        "an index object that held pages alone, or lists alone, is missed", arguments: [ChunkKind.treePage, .chunkList])
    func lostIndex(kind: ChunkKind) throws {
        let bytes = try Forgery(made)
        let content = try bytes.content([1, 2, 3])
        try bytes.commit(web: bytes.page([.file("c", content, digest: sha256([1, 2, 3]))]))
        let before = try TestRepository.names(made.store, in: "index")
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let writer = try MetadataWriter(made.repository, session: session)
        let list = Content.Item(id: try writer.store(.chunkList, RawEntry.items(content.items).span), covered: 3)
        if kind == .treePage {
            try writer.finish()
            try session.flushIndex()
        }
        let middle = try TestRepository.names(made.store, in: "index")
        let nested = Content(length: 3, depth: 1, items: [list])
        let page = [1] + RawEntry.file("x", nested, digest: sha256([1, 2, 3])).bytes
        let pageID = kind == .treePage ? try writer.store(.treePage, page.span) : nil
        try writer.finish()
        try session.flushIndex()
        let lost = try TestRepository.names(made.store, in: "index").filter {
            !(kind == .treePage ? middle : before).contains($0)
        }
        try #require(lost.count == 1)
        let last = try Forgery(made)
        let pages = pageID.map {
            Content(length: UInt64(page.count), depth: 0, items: [.init(id: $0, covered: UInt64(page.count))])
        }
        try last.commit(web: pages ?? last.rawPage(page))
        #expect(try check().isHealthy)
        try made.store.remove(lost[0])
        let outcome = try check()
        #expect(outcome.damages.map(\.object) == ["index"], "\(outcome.damages)")
    }
}
