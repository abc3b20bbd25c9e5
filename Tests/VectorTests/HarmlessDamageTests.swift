import Backups
import Formats
import Platform
import Repositories
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

/// The format article's list of damage that cannot be seen, point by point: each is harmless as it says there.
@Suite("Damage that cannot be seen")
struct HarmlessDamageTests {
    /// Both snapshots come back to the last entry; what check names, and what it tells beside.
    private func look(
        _ store: any ObjectStore, names: [String] = [], _ label: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> CheckOutcome {
        for tag in ["first", "second"] {
            let (items, missing) = try VectorTests.items(VectorFolder.open(store), tag: tag)
            let expected = try VectorTests.expected(tag)
            #expect(missing == [] && items == expected, "\(label) \(tag)", sourceLocation: sourceLocation)
        }
        let outcome = try CheckRun(VectorFolder.open(store), readsData: true).run()
        #expect(outcome.damages.map(\.object) == names, "\(label): \(outcome.damages)", sourceLocation: sourceLocation)
        return outcome
    }

    private func objects(_ folder: String) throws -> [ObjectName] {
        try TestRepository.names(VectorFolder.store(), in: folder)
    }

    @Test("the leaflet is read by nothing")
    func leaflet() throws {
        let store = try VectorFolder.store()
        let name = try #require(ObjectName("RECOVER.txt"))
        _ = try look(BadSector(store, name))
        store.damage(name) { $0 = [0, 1, 2] }
        _ = try look(store)
        try store.remove(name)
        _ = try look(store)
    }

    @Test("index objects, one or all, damaged or lost, take nothing away, and are missed")
    func index() throws {
        let names = try objects("index")
        #expect(names.count == 2)
        for chosen in [[names[0]], [names[1]], names] {
            let (damaged, lost) = (try VectorFolder.store(), try VectorFolder.store())
            for name in chosen {
                damaged.damage(name) { $0[60] ^= 1 }
                try lost.remove(name)
            }
            #expect(try look(damaged, names: chosen.map(\.text) + ["index"]).notices.count == 1)
            let notice = try #require(try look(lost, names: ["index"]).notices.first)
            #expect(notice.object == "packs" && notice.sentence.contains("are in no index"))
            let repository = try VectorFolder.open(lost)
            let reader = ChunkReader(repository, index: try repository.loadIndex())
            _ = try TreeCursor(repository.records()[chosen == [names[0]] ? 0 : 1].root, reader: reader).next()
            #expect(repository.notices.all.allSatisfy { $0.object == "index" })
        }
    }

    @Test("another id looks like a wrong password")
    func identifier() throws {
        let store = try VectorFolder.store()
        store.damage(try #require(ObjectName("salvor.json"))) { bytes in
            let digits = bytes.lastIndex(of: UInt8(ascii: "\"")).map { $0 - 1 } ?? 0
            bytes[digits] = bytes[digits] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        }
        let failure = #expect(throws: Failure.self) { try VectorFolder.open(store) }
        #expect(failure?.kind == .wrongKey)
    }

    @Test("a session's mark may hold anything, for readers and writers")
    func mark() throws {
        let store = try VectorFolder.store()
        let name = try #require(ObjectName("sessions/" + String(repeating: "5a", count: 16)))
        _ = try store.create(name, [1, 2, 3].span)
        _ = try look(store)
        let session = try WriteSession(VectorFolder.open(store), purpose: "test", clock: ManualClock())
        try session.giveUp()
        try store.remove(name)
        _ = try look(store)
    }

    @Test("what surrounds the frames of a pack is needed by no reader; check that reads all data names the pack")
    func surroundings() throws {
        for name in try objects("packs") {
            let length = Int(try VectorFolder.store().length(name))
            for place in [0, 7, 20, 47, length - 30, length - 8, length - 1] {
                let store = try VectorFolder.store()
                store.damage(name) { $0[place] ^= 1 }
                _ = try look(store, names: [name.text], "\(name) at \(place)")
            }
        }
    }

    @Test("frames that no snapshot uses and slots of others may be damaged; both are named")
    func unused() throws {
        let store = try VectorFolder.store()
        let repository = try VectorFolder.open(store)
        let session = try WriteSession(repository, purpose: "test", clock: ManualClock())
        let writer = try MetadataWriter(repository, session: session)
        _ = try writer.store(.content, noise(5000, seed: 1).span)
        try writer.finish()
        try session.flushIndex()
        let known = Set(try objects("packs"))
        let pack = try #require(try TestRepository.names(store, in: "packs").first { !known.contains($0) })
        #expect(try look(store).notices.isEmpty)
        store.damage(pack) { $0[60] ^= 1 }
        _ = try look(store, names: [pack.text])
        for slot in try objects("keys") {
            let store = try VectorFolder.store()
            store.damage(slot) { $0[70] ^= 1 }
            _ = try look(store, names: [slot.text])
            // Gone, nobody can say whether its owner removed it.
            try store.remove(slot)
            _ = try look(store)
        }
    }

    @Test("a pack that no index names may be lost: a killed run left it")
    func orphan() throws {
        let store = try VectorFolder.store()
        let repository = try VectorFolder.open(store)
        let sealer = PackSealer(.dataPack, repository: repository, session: [UInt8](repeating: 9, count: 16)) { _ in }
        var frame = FrameBuffer(capacity: 100)
        let bytes: [UInt8] = [1, 2, 3]
        frame.append(
            bytes.span, id: repository.namer().name(.content, bytes.span).id, quickHash: WyHash.hash(bytes.span))
        try sealer.store(frame)
        try sealer.finish()
        #expect(try look(store).notices.count == 1)
        let known = Set(try objects("packs"))
        for pack in try TestRepository.names(store, in: "packs") where !known.contains(pack) { try store.remove(pack) }
        #expect(try look(store).notices.isEmpty)
    }

    @Test("settings may be damaged or lost: right bytes come back without them")
    func settings() throws {
        let name = try #require(try objects("settings").first)
        let store = try VectorFolder.store()
        store.damage(name) { $0[60] ^= 1 }
        _ = try look(store, names: [name.text])
        try store.remove(name)
        _ = try look(store, names: ["settings"])
    }

    @Test("a record that is removed is missed from the next one on")
    func record() throws {
        let store = try VectorFolder.store()
        let repository = try VectorFolder.open(store)
        let records = try repository.records()
        #expect(records.count == 2)
        let newest = try #require(ObjectName("snapshots/" + records[1].identifier))
        let bytes = try store.read(newest, limit: 1 << 20)
        try store.remove(newest)
        #expect(try CheckRun(repository, readsData: true).run().isHealthy)
        _ = try store.create(newest, bytes.span)
        let source = BackupPlan.Source(name: "late", adapter: MadeTree(.directory()))
        let plan = BackupPlan(sources: [source], system: "x", host: "h", user: "u", tags: [], tool: "salvor test")
        _ = try BackupRun(repository, plan: plan, clock: ManualClock(seconds: 1_900_000_000)).run()
        try store.remove(newest)
        let outcome = try CheckRun(repository, readsData: true).run()
        #expect(outcome.damages.contains { $0.object == newest.text }, "\(outcome.damages)")
    }
}
