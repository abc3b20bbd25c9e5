import Backups
import DataSources
import Entries
import Platform
import Repositories
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

/// A repository in which every chunk lies in two packs: two writers stored the same, and saw nothing of each other.
struct Doubled {
    let store = MemoryStore()
    let made: TestRepository
    private(set) var packs: [[ObjectName]] = []
    private(set) var indexes: [ObjectName] = []

    init() throws {
        made = try TestRepository(in: store)
        var root = MadeTree.Node.directory()
        for number in 0..<40 { root.children["f\(number)"] = .file(noise(300, seed: UInt64(number)), inode: 7) }
        root.children["large"] = .file(noise(2_500_000, seed: 99), inode: 8)
        root.children["folder"] = .directory(["x": .file([1], inode: 9)])
        let tree = MadeTree(root)
        var known: Set<String> = []
        for _ in 0..<2 {
            made.clock.advance(seconds: 3600)
            let blind = HiddenFolders(store, "index", "snapshots")
            let plan = BackupPlan(
                sources: [BackupPlan.Source(name: "web", adapter: tree)], system: "shop", host: "h", user: "u",
                tags: [], tool: "salvor test")
            _ = try BackupRun(try TestRepository.open(blind, seed: UInt64(packs.count)), plan: plan, clock: made.clock)
                .run()
            let fresh = try TestRepository.names(store).filter { known.insert($0.text).inserted }
            packs.append(fresh.filter { $0.parts.folder.hasPrefix("packs") })
            indexes += fresh.filter { $0.parts.folder == "index" }
        }
    }

    /// Reads everything that every snapshot holds: what could not be read, and what readers did without.
    static func read(_ store: any ObjectStore) throws -> (failures: [Failure], notices: [DamageNotices.Notice]) {
        let repository = try TestRepository.open(store)
        let reader = ChunkReader(repository, index: try repository.loadIndex(), keeping: 1)
        var failures: [Failure] = []
        func attempt(_ body: () throws -> Void) throws {
            do { try body() } catch let failure as Failure where failure.kind == .damaged { failures.append(failure) }
        }
        for record in try repository.records() {
            var waiting = [record.root]
            while let content = waiting.popLast() {
                try attempt {
                    let cursor = try TreeCursor(content, reader: reader)
                    while let item = try cursor.next() {
                        guard let content = item.content else { continue }
                        if item.entry.kind == .directory {
                            waiting.append(content)
                            continue
                        }
                        try attempt {
                            let digest = Digest()
                            try reader.stream(content) { bytes, _ in digest.update(bytes) }
                            #expect(digest.finish() == item.entry.digest)
                        }
                    }
                }
            }
        }
        return (failures, repository.notices.all)
    }
}

@Suite("A chunk in several packs")
struct CopyTests {
    /// What can happen to a pack, with the packs' length.
    private static let damages: [(name: String, change: @Sendable (inout [UInt8]) -> Void)] = [
        (
            "every frame flipped",
            { bytes in for place in stride(from: 60, to: bytes.count, by: 500) { bytes[place] ^= 4 } }
        ),
        ("the first frame flipped", { $0[60] ^= 4 }),
        ("cut off", { $0.removeLast($0.count / 2) }),
        ("emptied", { $0 = [] }),
        ("zeros", { $0 = [UInt8](repeating: 0, count: $0.count) }),
    ]

    @Test("is read from a good one, whatever happened to the others; that is told, and check names the damaged pack")
    func oneDamaged() throws {
        let doubled = try Doubled()
        #expect(try Doubled.read(doubled.store).failures == [] && doubled.packs.allSatisfy { $0.count >= 2 })
        for number in 0...1 {
            for pack in doubled.packs[number] {
                for (label, change) in Self.damages {
                    let store = doubled.store.copy()
                    store.damage(pack, change)
                    try look(store, pack, "\(pack), \(label)")
                }
                let store = doubled.store.copy()
                try store.remove(pack)
                try look(store, pack, "\(pack), missing")
                try look(BadSector(doubled.store, pack), pack, "\(pack), unreadable")
            }
        }
    }

    private func look(_ store: any ObjectStore, _ pack: ObjectName, _ label: String) throws {
        let (failures, notices) = try Doubled.read(store)
        #expect(failures == [], "\(label)")
        #expect(notices.allSatisfy { $0.object == pack.text } && notices.count <= 1, "\(label): \(notices)")
        let outcome = try CheckRun(TestRepository.open(store), readsData: true).run()
        #expect(outcome.damages.map(\.object) == [pack.text], "\(label): \(outcome.damages)")
    }

    @Test("tells every damaged pack that was needed first, once")
    func told() throws {
        let doubled = try Doubled()
        var told: Set<String> = []
        for pack in doubled.packs.joined() {
            let store = doubled.store.copy()
            store.damage(pack) { $0 = [] }
            told.formUnion(try Doubled.read(store).notices.map(\.object))
        }
        // Index objects are read in the order of their names, and of two copies the first one is tried.
        let first = doubled.indexes[0].text < doubled.indexes[1].text ? 0 : 1
        #expect(told == Set(doubled.packs[first].map(\.text)))
    }

    @Test("is lost when no copy is good: check says so of every snapshot, and readers name a pack")
    func allDamaged() throws {
        let doubled = try Doubled()
        for (label, change) in Self.damages {
            let store = doubled.store.copy()
            for pack in doubled.packs.joined() { store.damage(pack, change) }
            let failures = try Doubled.read(store).failures
            #expect(failures.count >= 2 && failures.allSatisfy { $0.kind == .damaged }, "\(label)")
            let outcome = try CheckRun(TestRepository.open(store), readsData: true).run()
            for pack in doubled.packs.joined() {
                #expect(outcome.damages.contains { $0.object == pack.text }, "\(label): \(outcome.damages)")
            }
            #expect(outcome.damages.filter { $0.object.hasPrefix("snapshot ") }.count >= 2, "\(label)")
        }
    }

    @Test("is found in packs that no index names, when those of the index are no good")
    func unindexed() throws {
        let doubled = try Doubled()
        for (number, index) in doubled.indexes.enumerated() {
            let store = doubled.store.copy()
            try store.remove(index)
            #expect(try Doubled.read(store).failures == [], "one index is enough")
            for pack in doubled.packs[1 - number] {
                store.damage(pack) {
                    $0[60] ^= 1; $0[$0.count / 2] ^= 1
                }
            }
            let (failures, notices) = try Doubled.read(store)
            #expect(failures == [])
            let damaged = doubled.packs[1 - number].map(\.text)
            #expect(!notices.isEmpty && notices.allSatisfy { damaged.contains($0.object) }, "\(notices)")
            for pack in doubled.packs[number] { store.damage(pack) { $0[$0.count - 1] ^= 1 } }
            #expect(try Doubled.read(store).failures != [], "a pack whose end is damaged has no directory")
        }
    }

    @Test("is not taken from a pack whose directory lies, in the index or not")
    func lyingDirectory() throws {
        for isIndexed in [true, false] {
            let doubled = try Doubled()
            let repository = try TestRepository.open(doubled.store, seed: 50)
            let honest = try doubled.packs[0].map { try repository.directory(of: $0) }.filter {
                $0.info.kind == .dataPack
            }
            let session = try WriteSession(repository, purpose: "test", clock: doubled.made.clock)
            // Every chunk under the name of another one.
            let ids = honest.flatMap { $0.frames.flatMap(\.chunks) }
            let sealer = PackSealer(.dataPack, repository: repository, session: session.id, verifies: false) { pack in
                if isIndexed { try session.add(pack) }
            }
            for (id, other) in zip(ids, ids.dropFirst() + ids.prefix(1)) {
                var frame = FrameBuffer(capacity: Limits.chunkBytes)
                frame.append([UInt8](repeating: 5, count: id.length).span, id: other.id, quickHash: 0)
                try sealer.store(frame)
            }
            try sealer.finish()
            try session.flushIndex()
            for pack in doubled.packs[0] { doubled.store.damage(pack) { $0[60] ^= 1 } }
            #expect(try Doubled.read(doubled.store).failures == [])
            let outcome = try CheckRun(TestRepository.open(doubled.store), readsData: true).run()
            let known = Set(doubled.packs.joined().map(\.text))
            #expect(outcome.damages.contains { !known.contains($0.object) && $0.object.hasPrefix("packs/") })
            #expect(!outcome.damages.contains { $0.object.hasPrefix("snapshot ") }, "\(outcome.damages)")
        }
    }

    @Test("a structure check that walks through a damaged tree pack by its copy names it all the same")
    func structure() throws {
        let doubled = try Doubled()
        let repository = try TestRepository.open(doubled.store)
        var named: Set<String> = []
        for pack in doubled.packs.joined() where try repository.directory(of: pack).info.kind == .treePack {
            let store = doubled.store.copy()
            store.damage(pack) { $0[60] ^= 1 }
            let outcome = try CheckRun(TestRepository.open(store), readsData: false).run()
            #expect(outcome.damages.allSatisfy { $0.object == pack.text })
            named.formUnion(outcome.damages.map(\.object))
        }
        #expect(named.count == 1)
    }
}
