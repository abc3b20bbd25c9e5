import DataSources
import Entries
import Platform
import Reading
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing

@Suite("A comparison of snapshots")
struct TreeComparisonTests {
    /// What a comparison finds, one line a difference.
    private func lines(
        _ old: SnapshotItem, _ new: SnapshotItem, _ reader: ChunkReader, metadata: Bool = false
    ) throws -> (lines: [String], outcome: ComparisonOutcome) {
        var options = ComparisonOptions()
        options.comparesMetadata = metadata
        var lines: [String] = []
        let outcome = try TreeComparison(
            .snapshot(old, reader: reader, prefix: old.path), with: .snapshot(new, reader: reader, prefix: old.path),
            prefix: old.path, options: options
        ) { lines.append($0.line) }.run()
        return (lines, outcome)
    }

    /// The same, found by looking at everything.
    private func expected(
        _ old: MadeTree.Node?, _ new: MadeTree.Node?, _ path: String, _ metadata: Bool
    ) -> [String] {
        var lines: [String] = []
        switch (old, new) {
        case (let old?, let new?):
            if old.entry.kind != new.entry.kind {
                lines = ["kind \(path) kind"]
            } else {
                let content = contentProperties(old, new)
                let all = content + (metadata ? metadataProperties(old.entry, new.entry) : [])
                let change = content.isEmpty ? "metadata" : "content"
                if !all.isEmpty { lines = ["\(change) \(path) \(all.joined(separator: ","))"] }
            }
        case (_?, nil): lines = ["removed \(path) "]
        case (nil, _?): lines = ["added \(path) "]
        case (nil, nil): return []
        }
        let names = Set(old.map { $0.names } ?? []).union(new.map { $0.names } ?? [])
        for name in names.sorted(by: { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }) {
            lines += expected(old?.children[name], new?.children[name], "\(path)/\(name)", metadata)
        }
        return lines
    }

    private func contentProperties(_ old: MadeTree.Node, _ new: MadeTree.Node) -> [String] {
        switch old.entry.kind {
        case .file:
            if old.bytes.count != new.bytes.count { return ["content", "size"] }
            return old.bytes == new.bytes ? [] : ["content"]
        case .symlink: return old.entry.linkTarget == new.entry.linkTarget ? [] : ["target"]
        default: return old.entry.specialDevice == new.entry.specialDevice ? [] : ["specialDevice"]
        }
    }

    private func metadataProperties(_ old: Entry, _ new: Entry) -> [String] {
        var all: [String] = []
        if old.permissions != new.permissions, old.kind != .symlink { all.append("mode") }
        if old.user != new.user { all.append("user") }
        if old.group != new.group { all.append("group") }
        if old.userName != new.userName { all.append("userName") }
        if old.groupName != new.groupName { all.append("groupName") }
        if old.modified != new.modified { all.append("modified") }
        if old.attributes != new.attributes { all.append("attributes") }
        if old.inodeFlags != new.inodeFlags { all.append("inodeFlags") }
        return all
    }

    @Test("finds what looking at everything finds, in random trees", arguments: UInt64(1)...30)
    func random(seed: UInt64) throws {
        let saved = try SavedTrees()
        let trees = RandomTree(seed: seed)
        let first = trees.directory()
        let second = trees.changed(first)
        let third = trees.changed(second)
        let records = try [first, second, third, first].map { try saved.save($0) }
        let reader = try saved.reader()
        var seen = 0
        for (one, other) in [(0, 1), (1, 2), (2, 0), (0, 3), (1, 1)] {
            let nodes = [first, second, third, first]
            for metadata in [false, true] {
                let found = try lines(saved.item(records[one]), saved.item(records[other]), reader, metadata: metadata)
                let right = expected(nodes[one], nodes[other], "web", metadata)
                let wrong = found.lines.difference(from: right)
                #expect(wrong.isEmpty, "\(one) \(other) \(metadata): \(wrong.prefix(5))")
                #expect(found.outcome.total == right.count && found.outcome.unread.findings.isEmpty)
                // The source named by itself is compared just the same.
                let items = try (saved.item(records[one], "web"), saved.item(records[other], "web"))
                let isSame = try lines(items.0, items.1, reader, metadata: metadata).lines == right
                #expect(isSame, "\(one) \(other) \(metadata)")
                seen += right.count
            }
        }
        if first.below("").count > 20 { #expect(seen > 0) }
    }

    @Test("counts the bytes of what was added, removed and changed")
    func bytes() throws {
        let saved = try SavedTrees()
        let old = try saved.save(
            .directory([
                "gone": .directory(["a": .file([1, 2, 3]), "b": .file([1])]), "changed": .file([1, 2]),
                "turned": .file([9, 9, 9, 9, 9]), "same": .file([1, 1, 1]),
            ]))
        let new = try saved.save(
            .directory([
                "changed": .file([3, 4, 5, 6], changed: 1001), "turned": .directory(["in": .file([1, 2])]),
                "same": .file([1, 1, 1]), "new": .file([UInt8](repeating: 1, count: 100)),
            ]))
        let found = try lines(saved.item(old), saved.item(new), saved.reader())
        #expect(
            found.lines == [
                "content web/changed content,size", "removed web/gone ", "removed web/gone/a ", "removed web/gone/b ",
                "added web/new ", "kind web/turned kind", "added web/turned/in ",
            ])
        #expect(found.outcome.bytesAdded == 102 && found.outcome.bytesRemoved == 9 && found.outcome.bytesChanged == 4)
        #expect(Difference.Change.allCases.map(found.outcome.count) == [2, 3, 1, 1, 0])
    }

    @Test("items are compared with items of other paths: files, and directories; paths are those of the first")
    func items() throws {
        let saved = try SavedTrees()
        let record = try saved.save(
            .directory([
                "one": .directory(["f": .file([1]), "g": .file([2])]),
                "two": .directory(["f": .file([3]), "h": .file([])]),
            ]))
        let reader = try saved.reader()
        let found = try lines(saved.item(record, "web/one"), saved.item(record, "web/two"), reader)
        #expect(found.lines == ["content web/one/f content", "removed web/one/g ", "added web/one/h "])
        let files = try lines(saved.item(record, "web/one/f"), saved.item(record, "web/two/f"), reader)
        #expect(files.lines == ["content web/one/f content"])
        #expect(try lines(saved.item(record, "web/one/f"), saved.item(record, "web/one/f"), reader).lines == [])
        let kinds = try lines(saved.item(record, "web/one"), saved.item(record, "web/two/f"), reader)
        #expect(kinds.lines == ["kind web/one kind", "removed web/one/f ", "removed web/one/g "])
        let whole = try lines(saved.item(record), saved.item(record, "web/two"), reader)
        #expect(whole.lines.first == "added f " && whole.lines.last == "removed web/two/h ")
        let failure = #expect(throws: Failure.self) {
            try lines(saved.item(record), saved.item(record, "web/two/f"), reader)
        }
        #expect(failure?.kind == .usage)
    }

    /// A directory that takes several frames.
    private static func wide(_ change: (Int, inout Entry) -> Void = { _, _ in }) -> MadeTree.Node {
        var children: [String: MadeTree.Node] = [:]
        for number in 0..<3000 {
            var entry = Entry(name: [], kind: .symlink, permissions: 0o777, modified: Instant(seconds: 1))
            entry.linkTarget = noise(1000, seed: UInt64(number)).map { $0 | 1 }
            change(number, &entry)
            children["n\(10_000 + number)"] = .other(entry)
        }
        return .directory(["wide": .directory(children), "zoo": .directory(["x": .file([1])])])
    }

    @Test("reads nothing of equal trees, and of a large directory only the pages that differ")
    func unread() throws {
        let saved = try SavedTrees()
        let first = try saved.save(Self.wide())
        let second = try saved.save(
            Self.wide { number, entry in
                guard number == 1234 else { return }
                entry.linkTarget = [1]
                entry.changed = Instant(seconds: 2)
            })
        let all = try saved.reader()
        let walk = try SnapshotWalk(first.root, of: first, path: [], reader: all)
        while walk.depth > 0 {
            if let next = try walk.next() {
                if next.entry.kind == .directory { try walk.enter(next) }
            } else {
                walk.leave()
            }
        }
        let reader = try saved.reader()
        #expect(try lines(saved.item(first), saved.item(first), reader).lines == [])
        #expect(reader.bytesFetched == 0)
        #expect(try lines(saved.item(first), saved.item(second), reader).lines == ["content web/wide/n11234 target"])
        #expect(reader.bytesFetched < all.bytesFetched / 2, "\(reader.bytesFetched) of \(all.bytesFetched)")
    }

    @Test("equal directories are equal even where the repository has lost them")
    func equalWithoutReading() throws {
        let saved = try SavedTrees()
        let record = try saved.save(.directory(["d": .directory(["x": .file([1])])]))
        func lost(_ id: UInt64) throws -> SnapshotItem {
            var item = try saved.item(record, "web/d")
            item.entry?.content = Content(
                length: 500, depth: 1, items: [.init(id: ChunkID(high: id, low: id), covered: 500)])
            return item
        }
        let equal = try lines(lost(1), lost(1), saved.reader())
        #expect(equal.lines == [] && equal.outcome.unread.damaged == 0)
        let different = try lines(lost(1), lost(2), saved.reader())
        #expect(different.lines == [] && different.outcome.unread.damaged == 2)
    }

    @Test("what is damaged on one side is named and compared with nothing; all else is", arguments: [true, false])
    func damaged(isOld: Bool) throws {
        let saved = try SavedTrees()
        let old = Self.wide()
        let new = Self.wide { number, entry in
            guard number % 10 == 0 else { return }
            entry.linkTarget = [1]
            entry.changed = Instant(seconds: 2)
        }
        let records = try [old, new].map { try saved.save($0) }
        let whole = try lines(saved.item(records[0]), saved.item(records[1]), saved.reader())
        #expect(whole.lines.count == 300)
        let broken = try saved.item(records[isOld ? 0 : 1], "web/wide").entry?.content
        var pages: [ChunkID] = []
        try saved.reader().walk(broken ?? .empty) { id, _ in pages.append(id) }
        try saved.damage(pages[pages.count / 2])
        let found = try lines(saved.item(records[0]), saved.item(records[1]), saved.reader())
        #expect(found.outcome.unread.damaged > 0 && found.outcome.unread.unreadable == 0)
        let label = "\(records[isOld ? 0 : 1].shortIdentifier):web/wide"
        #expect(found.outcome.unread.findings.allSatisfy { $0.object == label })
        #expect(found.lines.count < 300 && found.lines.count > 100)
        // Each is a right one, in order.
        let right = Set(whole.lines)
        #expect(found.lines.allSatisfy(right.contains) && found.lines == found.lines.sorted())
    }

    @Test("of a directory that is damaged as a whole nothing is told")
    func damagedWhole() throws {
        let saved = try SavedTrees()
        let old = try saved.save(.directory(["d": .directory(["x": .file([1])]), "e": .file([1])]))
        let new = try saved.save(
            .directory(["d": .directory(["x": .file([2], changed: 1001)]), "e": .file([2], changed: 1001)]))
        let page = try #require(try saved.item(new, "web/d").entry?.content?.items.first)
        let absent = Content(
            length: page.covered, depth: 0, items: [.init(id: ChunkID(high: 1, low: 1), covered: page.covered)])
        var item = try saved.item(new, "web/d")
        item.entry?.content = absent
        let found = try lines(saved.item(old, "web/d"), item, saved.reader())
        #expect(found.lines == [] && found.outcome.unread.damaged == 1)
        #expect(throws: Never.self) { try lines(saved.item(old), saved.item(new), saved.reader()) }
    }

    @Test("entries of two snapshots are compared by what they are, whatever their times and inodes say")
    func equalTimes() throws {
        let forgery = try Forgery()
        let records = try [("one", UInt8(1)), ("two", 2)].map { target, device in
            let forgery = try Forgery(forgery.made)
            let link = RawEntry.symlink("link", to: target)
            let device = RawEntry(Entry.Kind.characterDevice.rawValue, Array("null".utf8), [(4, [device])])
            return try forgery.commit(web: forgery.page([link, device]))
        }
        let reader = ChunkReader(
            forgery.made.repository, index: try forgery.made.repository.loadIndex(), keeping: 8)
        let found = try lines(SnapshotItem(records[0]), SnapshotItem(records[1]), reader)
        #expect(found.lines == ["content web/link target", "content web/null specialDevice"])
    }

    @Test("stops when it is told to, and when nobody listens any more")
    func stopped() throws {
        let saved = try SavedTrees()
        let old = try saved.save(Self.wide())
        let new = try saved.save(.directory([:]))
        struct Enough: Error {}
        let reader = try saved.reader()
        func run(_ cancellation: any Cancellation, _ tell: @escaping (Difference) throws -> Void) throws {
            _ = try TreeComparison(
                .snapshot(saved.item(old), reader: reader, prefix: []),
                with: .snapshot(saved.item(new), reader: reader, prefix: []), prefix: [],
                options: ComparisonOptions(), cancellation: cancellation, tell: tell
            ).run()
        }
        var told = 0
        let failure = #expect(throws: Failure.self) { try run(CancelledAfter(100)) { _ in told += 1 } }
        #expect(failure?.kind == .interrupted && told > 50 && told < 100)
        #expect(throws: Enough.self) { try run(NeverCancelled()) { _ in throw Enough() } }
    }

    @Test("asks between any two damaged pages whether to stop")
    func stoppedInDamage() throws {
        let saved = try SavedTrees()
        let record = try saved.save(Self.wide())
        let broken = try saved.item(record, "web/wide").entry?.content
        var pages: [ChunkID] = []
        try saved.reader().walk(broken ?? .empty) { id, _ in pages.append(id) }
        try saved.damage(pages[pages.count / 2])
        let reader = try saved.reader()
        let empty = try saved.save(.directory(["wide": .directory([:])]))
        let asked = CancelledAfter(.max)
        let outcome = try TreeComparison(
            .snapshot(saved.item(record, "web/wide"), reader: reader, prefix: []),
            with: .snapshot(saved.item(empty, "web/wide"), reader: reader, prefix: []), prefix: [],
            options: ComparisonOptions(), cancellation: asked
        ) { _ in }.run()
        #expect(outcome.unread.damaged > 0 && outcome.total > 100)
        // Once for each entry, and for each damaged page.
        #expect(asked.times > outcome.total + 2, "\(asked.times) \(outcome.total)")
    }
}
