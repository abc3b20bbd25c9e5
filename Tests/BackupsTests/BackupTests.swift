import Backups
import DataSources
import Entries
import Platform
import Repositories
import Restores
import TestDoubles
import TestRepositories
import Testing

@Suite("A backup")
struct BackupTests {
    /// A tree with small and large files, empty ones, many in one folder, and things that are no files.
    static func tree(large: Int = 3 << 20) -> MadeTree.Node {
        var root = MadeTree.Node.directory()
        root.children["empty"] = .file([], inode: 1)
        root.children["small"] = .file(Array("hello\n".utf8), inode: 2)
        root.children["large"] = .file(noise(large, seed: 1), inode: 3)
        root.children["zeros"] = .file([UInt8](repeating: 0, count: large / 2), inode: 4)
        root.children["copy of large"] = .file(noise(large, seed: 1), inode: 5)
        var link = Entry(name: [], kind: .symlink, permissions: 0o777, modified: Instant(seconds: 5))
        link.linkTarget = Array("../nowhere".utf8)
        root.children["symlink"] = .other(link)
        root.children["fifo"] = .other(Entry(name: [], kind: .fifo, permissions: 0o600, modified: Instant(seconds: 5)))
        var many = MadeTree.Node.directory()
        for number in 0..<600 {
            many.children["f\(number)"] = .file(noise(number % 90, seed: UInt64(number)), inode: 100 + UInt64(number))
        }
        root.children["many"] = many
        root.children["nothing"] = .directory()
        return root
    }

    @Test("holds every byte of every file, and a second one stores almost nothing and opens nothing")
    func twice() throws {
        let made = try TestRepository()
        let source = MadeTree(Self.tree())
        let first = try backUp(source, to: made.repository, made.clock)
        #expect(first.isComplete && first.sources[0].findings == [])
        #expect(source.takeOpened().count == 605)
        #expect(try contents(newest(made.repository)) == contents(Self.tree()))
        let counts = first.sources[0].counts
        #expect(counts.files == 605 && counts.directories == 3 && counts.others == 2 && counts.newFiles == 605)
        #expect(counts.bytesNew <= counts.bytes - (3 << 20), "equal contents are stored once")

        made.clock.advance(seconds: 86_400)
        let second = try backUp(source, to: made.repository, made.clock)
        #expect(source.takeOpened() == [])
        #expect(second.sources[0].counts.unchangedFiles == 605 && second.sources[0].counts.bytesRead == 0)
        #expect(second.storedBytes < 4096, "\(second.storedBytes) bytes for nothing new")
        #expect(try contents(newest(made.repository)) == contents(Self.tree()))
        #expect(second.record.heads == [first.record.session])
        #expect(try made.repository.names(in: .sessionMark).isEmpty)
    }

    @Test("believes a file in motion only when two readings give the same bytes, and else says that it changed")
    func inMotion() throws {
        let made = try TestRepository()
        var root = MadeTree.Node.directory()
        let right = noise(2_000_000, seed: 1)
        let torn = Array(right.prefix(900_000)) + noise(1_100_000, seed: 2)
        for (name, readings) in [
            ("still", [right]), ("torn", [torn]), ("never", (3..<12).map { noise(100, seed: $0) }),
        ] {
            root.children[name] = .file(right)
            root.children[name]?.unseen = readings
        }
        let outcome = try backUp(MadeTree(root), to: made.repository, made.clock)
        let saved = try contents(newest(made.repository))
        #expect(saved["still"] == right && saved["torn"] == right)
        #expect(outcome.sources[0].findings.map(\.object) == ["never"])
        #expect(outcome.sources[0].findings.allSatisfy { $0.weight == .missing && $0.sentence.contains("changed") })
    }

    @Test(
        "cuts a file with holes as it cuts the same bytes without, wherever the holes lie, and stores their zeros once")
    func holes() throws {
        let made = try TestRepository()
        var root = MadeTree.Node.directory()
        var bytes = noise(40_000_000, seed: 1)
        var holes: [Entry.Hole] = []
        for (offset, length) in [(0, 9_000_000), (10_000_001, 5_000_000), (16_000_000, 3), (20_000_000, 12_345_678)] {
            bytes.replaceSubrange(offset..<offset + length, with: repeatElement(0, count: length))
            holes.append(Entry.Hole(offset: UInt64(offset), length: UInt64(length)))
        }
        root.children["plain"] = .file(bytes)
        try backUp(MadeTree(root), to: made.repository, made.clock)
        made.clock.advance(seconds: 86_400)
        root.children["sparse"] = .file(bytes)
        root.children["sparse"]?.entry.holes = holes
        root.children["only"] = .file([UInt8](repeating: 0, count: 33_000_000))
        root.children["only"]?.entry.holes = [Entry.Hole(offset: 0, length: 33_000_000)]
        let outcome = try backUp(MadeTree(root), to: made.repository, made.clock)
        let saved = try contents(newest(made.repository))
        #expect(saved["sparse"] == bytes && saved["only"] == [UInt8](repeating: 0, count: 33_000_000))
        #expect(outcome.sources[0].counts.bytesNew < 4 << 20, "\(outcome.sources[0].counts.bytesNew) new bytes")
        let tree = try newest(made.repository)
        let plain = try tree.entry(at: [Array("plain".utf8)]).content
        #expect(try tree.entry(at: [Array("sparse".utf8)]).content == plain)
    }

    @Test("knows the parent's entries also where a source gives its names in any order")
    func anyOrder() throws {
        let made = try TestRepository()
        let source = MadeTree(Self.tree(), order: .any)
        try backUp(source, to: made.repository, made.clock)
        _ = source.takeOpened()
        made.clock.advance(seconds: 86_400)
        source.change { $0.children["small"] = .file(Array("other".utf8), changed: 2000, inode: 2) }
        let outcome = try backUp(source, to: made.repository, made.clock)
        #expect(source.takeOpened() == ["small"])
        let counts = outcome.sources[0].counts
        #expect(counts.newFiles == 0 && counts.changedFiles == 1 && counts.unchangedFiles == 604)
    }

    @Test("reads what changed, and only that")
    func changes() throws {
        let made = try TestRepository()
        let source = MadeTree(Self.tree())
        try backUp(source, to: made.repository, made.clock)
        _ = source.takeOpened()
        source.change { root in
            root.children["small"] = .file(Array("hello there\n".utf8), changed: 2000, inode: 2)
            root.children["many"]?.children["f7"]?.entry.inode = 9999
            root.children["many"]?.children["f8"]?.entry.changed = Instant(seconds: 2000)
            root.children["many"]?.children["f9"]?.entry.modified = Instant(seconds: 999)
            root.children["new"] = .file([1, 2, 3], inode: 50)
            root.children["zeros"] = nil
        }
        made.clock.advance(seconds: 86_400)
        let second = try backUp(source, to: made.repository, made.clock)
        #expect(source.takeOpened() == ["f7", "f8", "f9", "new", "small"])
        let counts = second.sources[0].counts
        #expect(counts.newFiles == 1 && counts.changedFiles == 4)
        let now = try contents(newest(made.repository))
        #expect(now["small"] == Array("hello there\n".utf8) && now["new"] == [1, 2, 3] && now["zeros"] == nil)
    }

    @Test("reads again what changed within 40 s of the run that stored it, or in the future")
    func unsettled() throws {
        let made = try TestRepository()
        let now = made.clock.now().seconds
        let source = MadeTree(
            .directory([
                "just now": .file([1], changed: now - 1), "39": .file([2], changed: now - 39),
                "41": .file([3], changed: now - 41),
                "tomorrow": .file([4], changed: now + 86_400), "old": .file([5]),
            ]))
        try backUp(source, to: made.repository, made.clock)
        _ = source.takeOpened()
        made.clock.advance(seconds: 3600)
        try backUp(source, to: made.repository, made.clock)
        #expect(source.takeOpened() == ["39", "just now", "tomorrow"])
        made.clock.advance(seconds: 3600)
        try backUp(source, to: made.repository, made.clock)
        #expect(source.takeOpened() == ["tomorrow"])
    }

    @Test("a file that fails half way is named with its path, and spoils no other file's digest")
    func halfRead() throws {
        let made = try TestRepository()
        var folder = MadeTree.Node.directory()
        for number in 0..<8 {
            // What fails does so behind the first chunks, which a reader has hashed by then.
            let size = number % 2 == 0 ? 12 << 20 : 4 << 20
            var node = MadeTree.Node.file(noise(size, seed: UInt64(number)), inode: UInt64(number))
            // They claim to be small, so that all are one reader's.
            node.entry.size = 10
            if number % 2 == 0 {
                node.failure = (
                    11 << 20, Failure(.failed, "cannot read it", cause: "Input/output error", systemError: 5)
                )
            }
            folder.children["f\(number)"] = node
        }
        let outcome = try backUp(MadeTree(.directory(["sub": folder])), to: made.repository, made.clock)
        #expect(!outcome.isComplete)
        #expect(outcome.sources[0].findings.map(\.object).sorted() == ["sub/f0", "sub/f2", "sub/f4", "sub/f6"])
        #expect(outcome.record.sources[0].missing.count == 4)
        let found = try contents(newest(made.repository))
        #expect(found.keys.sorted() == ["sub/f1", "sub/f3", "sub/f5", "sub/f7"])
        for number in [1, 3, 5, 7] { #expect(found["sub/f\(number)"] == noise(4 << 20, seed: UInt64(number))) }
    }

    @Test("a file that changes while it is read is read again; one that never rests is kept and told")
    func changing() throws {
        let made = try TestRepository()
        var once = MadeTree.Node.file([1], inode: 1)
        once.changes = 1
        var always = MadeTree.Node.file([2], inode: 2)
        always.changes = 99
        let source = MadeTree(.directory(["once": once, "always": always]))
        let outcome = try backUp(source, to: made.repository, made.clock)
        #expect(source.takeOpened() == ["always", "always", "always", "once", "once"])
        #expect(outcome.sources[0].findings.map(\.object) == ["always"])
        #expect(try contents(newest(made.repository)) == ["once": [1], "always": [2]])
    }

    @Test("a file that vanished is a notice, and nothing is missing")
    func vanished() throws {
        let made = try TestRepository()
        var gone = MadeTree.Node.file([1])
        gone.failure = (0, Failure(.failed, "gone cannot be read", systemError: 2))
        let outcome = try backUp(
            MadeTree(.directory(["gone": gone, "here": .file([2])])), to: made.repository, made.clock)
        #expect(outcome.isComplete && outcome.sources[0].findings.map(\.weight) == [.notice])
    }

    @Test("a file with more holes or attributes than an entry can hold is stored without them, and told")
    func strangeFiles() throws {
        let made = try TestRepository()
        var holey = MadeTree.Node.file([UInt8](repeating: 0, count: 3 << 20))
        holey.entry.holes = (0..<1_050_000).map { Entry.Hole(offset: UInt64($0) * 2, length: 1) }
        var decorated = MadeTree.Node.file([7])
        decorated.entry.attributes = (1...60).map {
            ExtendedAttribute(name: [UInt8($0)], value: [UInt8](repeating: 1, count: 65_536))
        }
        let outcome = try backUp(
            MadeTree(.directory(["a": .directory(["holey": holey]), "decorated": decorated, "fine": .file([1])])),
            to: made.repository, made.clock)
        #expect(outcome.sources[0].findings.map(\.object).sorted() == ["a/holey", "decorated"])
        let found = try contents(newest(made.repository))
        #expect(found["a/holey"]?.count == 3 << 20 && found["decorated"] == [7] && found["fine"] == [1])
    }

    @Test("sources of one name, of an impossible name, or none at all are wrong usage, before anything is stored")
    func names() throws {
        let made = try TestRepository()
        let source = MadeTree(.directory())
        for names in [["a", "a"], ["a/b"], [""], ["."], [".."], ["a\0"], []] {
            let sources = names.map { BackupPlan.Source(name: $0, adapter: source) }
            let plan = BackupPlan(sources: sources, system: "s", host: "h", user: "u", tags: [], tool: "t")
            let failure = #expect(throws: Failure.self) {
                try BackupRun(made.repository, plan: plan, clock: made.clock).run()
            }
            #expect(failure?.kind == .usage)
        }
        #expect(try made.repository.names(in: .record).isEmpty && made.repository.names(in: .sessionMark).isEmpty)
    }

    @Test("several sources are one snapshot; when one of them cannot be read at all, there is none")
    func sources() throws {
        let made = try TestRepository()
        func plan(_ failing: Bool) -> BackupPlan {
            var single = MadeTree.Node.file([9], inode: 1)
            if failing { single.failure = (0, Failure(.failed, "cannot read it")) }
            let sources = ["tree": MadeTree(.directory(["x": .file([1])])), "file": MadeTree(single)]
            return BackupPlan(
                sources: sources.sorted { $0.key < $1.key }.map { BackupPlan.Source(name: $0.key, adapter: $0.value) },
                system: "s", host: "h", user: "u", tags: [], tool: "t")
        }
        let failure = #expect(throws: Failure.self) {
            try BackupRun(made.repository, plan: plan(true), clock: made.clock).run()
        }
        #expect(failure?.sentence.contains("file") == true)
        #expect(try made.repository.records().map(\.kind) == [.fence])
        let outcome = try BackupRun(made.repository, plan: plan(false), clock: made.clock).run()
        #expect(outcome.record.sources.map(\.name) == ["file", "tree"])
        #expect(try made.repository.names(in: .sessionMark).isEmpty)
    }

    @Test("a hundred unreadable files with long paths still leave room for the rest of the record")
    func longFindings() throws {
        let made = try TestRepository()
        var folder = MadeTree.Node.directory()
        for number in 0..<150 {
            var node = MadeTree.Node.file([1])
            node.failure = (0, Failure(.failed, String(repeating: "\u{1}", count: 900)))
            folder.children["\(number)" + String(repeating: "ü", count: 120)] = node
        }
        let outcome = try backUp(MadeTree(folder), to: made.repository, made.clock)
        #expect(outcome.sources[0].findings.count == 150)
        #expect(!outcome.record.sources[0].missing.isEmpty)
    }

    @Test(
        "cancelled at any time leaves no snapshot, no mark, and a repository for the next run",
        arguments: [1, 2, 5, 20, 100, 400, 620])
    func cancelled(after: Int) throws {
        let made = try TestRepository()
        let source = MadeTree(Self.tree())
        let failure = #expect(throws: Failure.self) {
            try backUp(source, to: made.repository, made.clock, cancellation: CancelledAfter(after))
        }
        #expect(failure?.kind == .interrupted)
        #expect(try made.repository.records().allSatisfy { $0.kind == .fence })
        #expect(try made.repository.names(in: .sessionMark).isEmpty)
    }
}
