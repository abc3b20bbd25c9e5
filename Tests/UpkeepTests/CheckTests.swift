import Backups
import DataSources
import Entries
import Formats
import Platform
import Repositories
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

@Suite("A check")
struct CheckTests {
    /// A repository with two snapshots of a made tree.
    struct Checked {
        let store = MemoryStore()
        let made: TestRepository

        init() throws {
            made = try TestRepository(in: store)
            var root = MadeTree.Node.directory()
            for number in 0..<300 {
                root.children["f\(number)"] = .file(noise(300, seed: UInt64(number)), inode: UInt64(number))
            }
            root.children["large"] = .file(noise(2_500_000, seed: 999), inode: 1000)
            root.children["folder"] = .directory(["x": .file([1], inode: 2000)])
            let source = MadeTree(root)
            try backUp(source)
            source.change { $0.children["f5"] = .file(noise(400, seed: 5000), changed: 3000, inode: 5) }
            try backUp(source)
        }

        func backUp(_ source: MadeTree) throws {
            made.clock.advance(seconds: 3600)
            let plan = BackupPlan(
                sources: [BackupPlan.Source(name: "web", adapter: source)], system: "shop", host: "h", user: "u",
                tags: [],
                tool: "salvor test")
            _ = try BackupRun(made.repository, plan: plan, clock: made.clock).run()
        }

        func check(_ store: (any ObjectStore)? = nil, readsData: Bool) throws -> CheckOutcome {
            try CheckRun(open(store ?? self.store), readsData: readsData).run()
        }

        /// Opens a copy by the password, and where its slot is damaged by the recovery key, as a person would.
        func open(_ store: any ObjectStore) throws -> Repository {
            do { return try TestRepository.open(store) } catch {
                guard [.damaged, .wrongKey].contains(Failure(error).kind) else { throw error }
                return try Repository.open(
                    store, credential: .recoveryKey(made.recoveryKey), randomness: SeededRandomness(seed: 98))
            }
        }
    }

    @Test("finds nothing in a healthy repository, and says what it looked at", arguments: [false, true])
    func healthy(readsData: Bool) throws {
        let checked = try Checked()
        let outcome = try checked.check(readsData: readsData)
        #expect(outcome.isHealthy && outcome.notices == [])
        var packs = 0
        var bytes: UInt64 = 0
        try checked.store.list("packs") { object in
            packs += 1
            bytes += object.length
        }
        #expect(outcome.snapshots == 2 && outcome.packs == packs && outcome.entries > 600)
        #expect(outcome.bytesRead == (readsData ? bytes : 0))
    }

    @Test(
        "that reads all data names every object with a flipped byte, wherever it is; the rest is looked at all the same"
    )
    func flipped() throws {
        let checked = try Checked()
        for name in try TestRepository.names(checked.store) where !["RECOVER.txt", "salvor.json"].contains(name.text) {
            let length = Int(try checked.store.length(name))
            for place in [0, 6, 7, 9, 12, 13, 20, 50, length / 2, length - 20, length - 1] {
                let twin = checked.store.copy()
                twin.damage(name) { $0[place] ^= 4 }
                let outcome = try checked.check(twin, readsData: true)
                #expect(outcome.damages.contains { $0.object == name.text }, "\(name) at \(place): \(outcome.damages)")
                // Damage of a record takes the record away, and nothing else.
                #expect(outcome.snapshots >= 1)
            }
        }
    }

    @Test("names every object that is cut off, grown or gone")
    func lengths() throws {
        let checked = try Checked()
        for name in try TestRepository.names(checked.store) where !["RECOVER.txt", "salvor.json"].contains(name.text) {
            for change in ["cut", "empty", "grown", "gone"] {
                let twin = checked.store.copy()
                switch change {
                case "cut": twin.damage(name) { $0.removeLast() }
                case "empty": twin.damage(name) { $0 = [] }
                case "grown": twin.damage(name) { $0.append(0) }
                default: try twin.remove(name)
                }
                let outcome = try checked.check(twin, readsData: true)
                if change == "gone" {
                    switch name.parts.folder {
                    case "index": #expect(outcome.damages.map(\.object) == ["index"] && outcome.notices.count == 1)
                    case "keys": #expect(outcome.isHealthy)
                    case "settings": #expect(outcome.damages.map(\.object) == ["settings"])
                    case "snapshots":
                        // The newest has nobody who names it.
                        let newest = try checked.made.repository.records().last?.identifier
                        #expect(outcome.damages.contains { $0.object == name.text } == (name.last != newest))
                    default: #expect(outcome.damages.contains { $0.object == name.text }, "\(name): \(outcome.damages)")
                    }
                    continue
                }
                #expect(outcome.damages.contains { $0.object == name.text }, "\(change) \(name): \(outcome.damages)")
                // Without reading, lengths of packs and all small objects are seen.
                let quick = try checked.check(twin, readsData: false)
                #expect(quick.damages.contains { $0.object == name.text }, "\(change) \(name): \(quick.damages)")
            }
        }
    }

    @Test("says which files of which snapshot a damaged pack takes with it")
    func affected() throws {
        let checked = try Checked()
        let index = try checked.made.repository.loadIndex()
        let reader = ChunkReader(checked.made.repository, index: index)
        let record = try checked.made.repository.records()[0]
        let root = try #require(try TreeCursor(record.root, reader: reader).next())
        let large = try #require(
            try TreeCursor(root.content ?? .empty, reader: reader).advance(to: Array("large".utf8)))
        let id = try #require(large.content?.items.first?.id)
        let place = try #require(index.place(of: id))
        let frame = index.frame(place.frame)
        checked.store.damage(index.pack(frame.pack).name) { $0[Int(frame.offset) + 5] ^= 1 }
        let outcome = try checked.check(readsData: true)
        #expect(
            outcome.damages.contains { $0.object == "snapshot \(record.shortIdentifier): web/large" },
            "\(outcome.damages)")
        // Without reading there is nothing to be seen of it.
        #expect(try checked.check(readsData: false).isHealthy)
    }

    @Test("goes on after objects that the disk cannot give")
    func badSectors() throws {
        let checked = try Checked()
        for folder in ["packs", "index", "snapshots", "settings"] {
            let name = try #require(try TestRepository.names(checked.store, in: folder).first)
            let outcome = try checked.check(BadSector(checked.store, name), readsData: true)
            #expect(outcome.damages.contains { $0.object == name.text }, "\(name): \(outcome.damages)")
        }
    }

    @Test("names what is no object of the repository and is named as one; other files are nobody's, and passed over")
    func foreign() throws {
        let checked = try Checked()
        let zeros = String(repeating: "00", count: 32)
        for name in ["packs/ab/0123", "packs/stray", "snapshots/ffff", "keys/zzzz", "index/readme.txt", "lost.found"] {
            _ = try checked.store.create(ObjectName(known: name), [1, 2, 3].span)
        }
        let passed = try checked.check(readsData: true)
        #expect(passed.isHealthy && passed.notices.map { $0.object } == ["packs/ab/0123", "packs/stray"])
        let named = [
            "packs/ff/" + zeros, "packs/00/" + zeros, "snapshots/" + zeros.prefix(32), "keys/" + zeros,
            "index/" + zeros,
            "settings/" + zeros,
        ]
        for name in named { _ = try checked.store.create(ObjectName(known: name), [1, 2, 3].span) }
        let outcome = try checked.check(readsData: true)
        for name in named { #expect(outcome.damages.contains { $0.object == name }, "\(name): \(outcome.damages)") }
    }

    @Test("an unreachable store and a cancellation end it")
    func ends() throws {
        let checked = try Checked()
        for call in [10, 20, 30] {
            let failure = #expect(throws: Failure.self) {
                try checked.check(FaultyStore(checked.store, .dead, atCall: call), readsData: true)
            }
            #expect(failure?.kind == .unreachable)
        }
        let failure = #expect(throws: Failure.self) {
            try CheckRun(checked.made.repository, readsData: true, cancellation: CancelledAfter(3)).run()
        }
        #expect(failure?.kind == .interrupted)
    }

    @Test(
        "sees what only a faulty writer can do: wrong digests, sources without a root, records that name what is gone")
    func faultyWriter() throws {
        let checked = try Checked()
        let repository = checked.made.repository
        let session = try WriteSession(repository, purpose: "test", clock: checked.made.clock)
        let writer = try MetadataWriter(repository, session: session)
        let bytes = noise(50, seed: 1)
        let chunk = try writer.store(.content, bytes.span)
        var entry = Entry(name: Array("web".utf8), kind: .file, permissions: 0, modified: Instant(seconds: 0), size: 50)
        entry.digest = [UInt8](repeating: 1, count: 32)
        let content = Content(length: 50, depth: 0, items: [.init(id: chunk, covered: 50)])
        var builder = TreePageBuilder()
        let borders = try repository.pageBorders()
        try builder.append(TreeEntry(entry: entry, content: content, isSettled: true), borders: borders) {
            try writer.store($0, $1.span)
        }
        var record = SnapshotRecord(.snapshot, session: session.id)
        record.root = try builder.finish { try writer.store($0, $1.span) }
        record.heads = [[UInt8](repeating: 5, count: 16)]
        for name in ["web", "absent"] {
            record.sources.append(
                SnapshotRecord.Source(
                    name: name, adapter: "files", location: "/x", dataTime: Instant(seconds: 0), manifest: .empty,
                    statistics: .null, missing: []))
        }
        try writer.finish()
        try session.commit(record)
        let outcome = try checked.check(readsData: false)
        let label = "snapshot \(record.shortIdentifier): "
        #expect(
            outcome.damages.map(\.object).sorted() == [
                label + "absent", label + "web", "snapshots/" + String(repeating: "05", count: 16),
            ])
    }

    @Test("that reads all data sees an index that says of packs what is not so")
    func wrongIndex() throws {
        let checked = try Checked()
        let repository = checked.made.repository
        let session = try WriteSession(repository, purpose: "test", clock: checked.made.clock)
        let name = try #require(try TestRepository.names(checked.store, in: "packs").first)
        var pack = try repository.directory(of: name)
        // A chunk that is nowhere, as if it were the first of the pack.
        pack.frames[0].chunks[0].id = ChunkID(high: 1, low: 1)
        try session.add(pack)
        try session.flushIndex()
        #expect(try checked.check(readsData: false).isHealthy)
        let outcome = try checked.check(readsData: true)
        #expect(outcome.damages.contains { $0.object == name.text }, "\(outcome.damages)")
    }

    @Test("follows a tree that is deeper than any stack")
    func deep() throws {
        let checked = try Checked()
        let repository = checked.made.repository
        let session = try WriteSession(repository, purpose: "test", clock: checked.made.clock)
        let writer = try MetadataWriter(repository, session: session)
        let borders = try repository.pageBorders()
        var content = Content.empty
        for _ in 0..<30_000 {
            let entry = Entry(
                name: Array("web".utf8), kind: .directory, permissions: 0o755, modified: Instant(seconds: 0))
            var builder = TreePageBuilder()
            try builder.append(TreeEntry(entry: entry, content: content, isSettled: true), borders: borders) {
                try writer.store($0, $1.span)
            }
            content = try builder.finish { try writer.store($0, $1.span) }
        }
        var record = SnapshotRecord(.snapshot, session: session.id)
        record.root = content
        try writer.finish()
        try session.commit(record)
        let outcome = try checked.check(readsData: false)
        #expect(outcome.isHealthy && outcome.entries > 30_000)
    }
}
