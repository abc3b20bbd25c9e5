import Entries
import Formats
import Platform
import Reading
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing

/// Trees without end, made by one who has the keys: whoever reads them says so, and ends.
@Suite("Reading a hostile snapshot")
struct HostileReadingTests {
    /// A snapshot of two trees that only claim to be large, and a file between them.
    private static func forge(leaf: [UInt8], statistics: JSONValue = .null) throws -> (Forgery, SnapshotRecord) {
        let forgery = try Forgery()
        let file = try forgery.file("x", leaf)
        var tree = try forgery.page([file])
        for _ in 0..<60 { tree = try forgery.page([.directory("a", tree), .directory("b", tree)]) }
        var pages = try forgery.page([file]).items[0]
        for times in [60_000, 60_000, 500] { pages = try forgery.list(pages, times: times) }
        let same = Content(length: pages.covered, depth: 3, items: [pages])
        let record = try forgery.commit(
            web: forgery.page([.directory("pages", same), .directory("tree", tree), file]), statistics: statistics)
        return (forgery, record)
    }

    private func reader(_ forgery: Forgery) throws -> ChunkReader {
        ChunkReader(forgery.made.repository, index: try forgery.made.repository.loadIndex(), keeping: 8)
    }

    @Test("a walk, as ls takes it, ends with failures that say why")
    func walk() throws {
        let (forgery, record) = try Self.forge(leaf: [1])
        let walk = try SnapshotWalk(record.root, of: record, path: [], reader: reader(forgery))
        var (entries, failures) = (0, [Failure]())
        while walk.depth > 0 {
            do {
                guard let item = try walk.next() else {
                    walk.leave()
                    continue
                }
                entries += 1
                if item.entry.kind == .directory { try walk.enter(item) }
            } catch { failures.append(Failure(error)) }
        }
        #expect(failures.allSatisfy { $0.kind == .damaged } && failures.count < 1200)
        #expect(failures.contains { $0.description.contains("do not ascend") })
        #expect(failures.contains { $0.description.contains("without end") })
        #expect(entries > 10_000 && entries < 20_000)
    }

    @Test("an honest tree that repeats its directories as its record tells is walked to its end")
    func honest() throws {
        let forgery = try Forgery()
        let leaf = try forgery.page([forgery.file("x", [1])])
        let middle = try forgery.page((100..<300).map { .directory("d\($0)", leaf) })
        let top = try forgery.page((100..<300).map { .directory("d\($0)", middle) })
        try forgery.commit(web: top)
        for (told, isWhole) in [(40_201, true), (40_200, false), (0, false)] {
            let forgery = try Forgery(forgery.made)
            let record = try forgery.commit(web: top, statistics: ["directories": JSONValue(told)])
            let walk = try SnapshotWalk(record.root, of: record, path: [], reader: reader(forgery))
            var directories = 0
            var failure: Failure?
            while walk.depth > 0 {
                guard let item = try walk.next() else {
                    walk.leave()
                    continue
                }
                guard item.entry.kind == .directory else { continue }
                do {
                    try walk.enter(item)
                    directories += 1
                } catch { failure = failure ?? Failure(error) }
            }
            #expect((directories == 40_201) == isWhole && (failure == nil) == isWhole, "\(told): \(directories)")
        }
    }

    @Test("a search tells what it could not search, whatever is looked for")
    func search() throws {
        let (forgery, record) = try Self.forge(leaf: [1])
        for (name, firstOnly) in [("x", false), ("x", true), ("nothing", false), ("nothing", true)] {
            var criteria = SearchCriteria()
            criteria.patterns = PathPatterns([try PathPattern(Array(name.utf8), ignoringCase: false)])
            var found = 0
            let search = SnapshotSearch(criteria, firstOnly: firstOnly, reader: try reader(forgery)) { _, _, _ in
                found += 1
            }
            try search.search(SnapshotItem(record))
            #expect(search.unread.damaged > 0)
            #expect(name == "x" ? found > 0 : found == 0)
        }
    }

    @Test("a comparison ends, with the same tree and with another one")
    func comparison() throws {
        let (forgery, record) = try Self.forge(leaf: [1])
        let second = try Forgery(forgery.made)
        let file = try second.file("x", [9])
        var tree = try second.page([file])
        for _ in 0..<60 { tree = try second.page([.directory("a", tree), .directory("b", tree)]) }
        let changed = try second.commit(web: second.page([.directory("tree", tree)]))
        for pair in [(record, record), (record, changed), (changed, record)] {
            let reader = try reader(forgery)
            let run = TreeComparison(
                try .snapshot(SnapshotItem(pair.0), reader: reader, prefix: []),
                with: try .snapshot(SnapshotItem(pair.1), reader: reader, prefix: []), prefix: [],
                options: ComparisonOptions()
            ) { _ in }
            let outcome = try run.run()
            #expect((outcome.total == 0) == (pair.0 == pair.1))
            #expect((outcome.unread.damaged > 0) == (pair.0 != pair.1), "\(outcome.unread)")
        }
    }

    @Test("a file that claims more bytes than a file can have is left out of an archive, and named")
    func hugeFile() throws {
        let forgery = try Forgery()
        let id = try forgery.chunk(.content, [1])
        let files = [UInt64(Int64.max) + 1, .max].enumerated().map { number, size in
            let content = Content(length: size, depth: 0, items: [.init(id: id, covered: size)])
            var file = RawEntry.file("huge \(number)", content, digest: [UInt8](repeating: 0, count: 32))
            // All but its beginning is a hole.
            file.fields.append((7, RawBytes.varint(1) + RawBytes.varint(1) + RawBytes.varint(size - 1)))
            return file
        }
        let record = try forgery.commit(web: forgery.page(files + [forgery.file("small", [1])]))
        var bytes = 0
        let outcome = try ArchiveRun(SnapshotItem(record), reader: reader(forgery)) { bytes += $0.count }.run()
        #expect(outcome.unread.damaged == 2 && outcome.members == 2, "\(outcome.unread)")
        #expect(bytes < 20_000)
    }

    @Test("an archive of it has no end")
    func archive() throws {
        let (forgery, record) = try Self.forge(leaf: [1])
        var bytes = 0
        let failure = #expect(throws: Failure.self) {
            try ArchiveRun(SnapshotItem(record), reader: reader(forgery)) { bytes += $0.count }.run()
        }
        #expect(failure?.kind == .damaged && bytes > 0)
    }
}
