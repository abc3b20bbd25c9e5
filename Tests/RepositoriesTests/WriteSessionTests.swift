import Platform
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("Writers")
struct WriteSessionTests {
    private func record(_ session: WriteSession, _ made: TestRepository) -> SnapshotRecord {
        var record = SnapshotRecord(.snapshot, session: session.id)
        record.system = "shop"
        record.heads = session.heads
        record.committedBy = made.clock.now()
        return record
    }

    @Test("a session has a mark while it works, and a record when it has committed")
    func life() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        #expect(try made.repository.names(in: .sessionMark).map(\.identifier) == [session.id])
        #expect(try made.repository.records().isEmpty)
        try session.commit(record(session, made))
        #expect(try made.repository.names(in: .sessionMark).isEmpty)
        #expect(try made.repository.records().map(\.system) == ["shop"])
        let next = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        #expect(next.heads == [session.id])
        made.clock.advance(seconds: 1)
        try next.commit(record(next, made))
        let third = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        #expect(third.heads == [next.id])
    }

    @Test("one that gives up leaves a fence, and can never commit; the fence is no snapshot")
    func givingUp() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        try session.giveUp()
        #expect(try made.repository.names(in: .sessionMark).isEmpty)
        #expect(try made.repository.records().map(\.kind) == [.fence])
        let failure = #expect(throws: Failure.self) { try session.commit(record(session, made)) }
        #expect(failure?.kind == .failed && failure?.hint?.contains("again") == true)
        #expect(try made.repository.records().map(\.kind) == [.fence])
    }

    @Test("giving up after a commit does not undo it")
    func lateGivingUp() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        try session.commit(record(session, made))
        try session.giveUp()
        #expect(try made.repository.records().map(\.kind) == [.snapshot])
    }

    @Test("a session that was fenced by a prune finds its commit refused")
    func fenced() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let name = ObjectName("snapshots", session.id)
        let fence = try made.repository.sealer.document(
            .record, Array(#"{"format":1,"kind":"fence","session":"\#(name.last)"}"#.utf8), name: name)
        _ = try made.store.create(name, fence.span)
        #expect(throws: Failure.self) { try session.commit(record(session, made)) }
    }

    @Test(
        "when any call of a commit fails, its answer is lost, or the line is cut, the snapshot is whole or not there",
        arguments: FaultyStore.Fault.allCases)
    func faults(fault: FaultyStore.Fault) throws {
        for call in 1...40 {
            let store = MemoryStore()
            let made = try TestRepository(in: store)
            let faulty = FaultyStore(store, fault, atCall: 0)
            _ = try Repository.open(
                faulty, credential: TestRepository.credential, randomness: SeededRandomness(seed: 1))
            let broken = FaultyStore(store, fault, atCall: faulty.calls + call)
            let repository = try TestRepository.open(broken)
            var committed = false
            do {
                let session = try WriteSession(repository, purpose: "test", clock: made.clock)
                do {
                    try session.commit(record(session, made))
                    committed = true
                } catch { try? session.giveUp() }
            } catch {}
            let kinds = try made.repository.records().map(\.kind)
            if committed {
                #expect(kinds == [.snapshot], "call \(call)")
            } else {
                #expect(kinds.count <= 1, "call \(call)")
            }
            if !broken.struck {
                #expect(committed && call > 5)
                return
            }
            // Whoever comes next is not in anybody's way.
            let next = try WriteSession(made.repository, purpose: "test", clock: made.clock)
            try next.commit(record(next, made))
        }
        Issue.record("a commit of more than 40 calls")
    }

    @Test("a lost answer to the commit itself is settled by reading it back")
    func lostAnswer() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let losing = LosingStore(store)
        let session = try WriteSession(try TestRepository.open(losing), purpose: "test", clock: made.clock)
        losing.loses = "snapshots/"
        try session.commit(record(session, made))
        #expect(try made.repository.records().map(\.kind) == [.snapshot])
        #expect(losing.lost == 1)
    }

    @Test("a mark that cannot be removed does not make a failure of a commit")
    func stuckMark() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let losing = LosingStore(store)
        let session = try WriteSession(try TestRepository.open(losing), purpose: "test", clock: made.clock)
        losing.refusesRemoval = true
        try session.commit(record(session, made))
        #expect(try made.repository.records().count == 1)
    }

    @Test("a writer stops at a repository that a later version has pruned")
    func condemned() throws {
        let made = try TestRepository()
        _ = try made.store.create(ObjectName("condemned", [UInt8](repeating: 1, count: 32)), [1].span)
        #expect(throws: Failure.self) { try WriteSession(made.repository, purpose: "test", clock: made.clock) }
        #expect(try made.repository.names(in: .sessionMark).isEmpty)
    }

    @Test("a damaged record or index object does not keep a writer away")
    func damagedPast() throws {
        let store = MemoryStore()
        let stored = try StoredDirectory(StoredDirectory.entries(5), in: store)
        let made = stored.made
        try stored.session.commit(record(stored.session, made))
        store.damage(ObjectName("snapshots", stored.session.id)) { $0[60] ^= 1 }
        store.damage(try #require(try made.repository.names(in: .index).first)) { $0[60] ^= 1 }
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        #expect(session.records.isEmpty && session.index.count == 0)
        try session.commit(record(session, made))
    }

    @Test("a record that would be too large is refused before anything is committed")
    func largeRecord() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        var record = record(session, made)
        record.tags = [String(repeating: "x", count: 70_000)]
        #expect(throws: Failure.self) { try session.commit(record) }
        #expect(try made.repository.records().isEmpty)
    }
}

/// A store that loses the answer to one creation, or refuses to remove.
private final class LosingStore: ObjectStore, @unchecked Sendable {
    private let inner: any ObjectStore
    var loses = "nothing"
    var lost = 0
    var refusesRemoval = false

    init(_ inner: any ObjectStore) { self.inner = inner }

    var location: String { inner.location }
    var guarantees: StoreGuarantees { inner.guarantees }
    func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        let answer = try inner.create(name, bytes)
        guard name.text.hasPrefix(loses) else { return answer }
        lost += 1
        throw Failure(.unreachable, "the line broke")
    }
    func begin() throws -> any PendingObject { try inner.begin() }
    func read(_ name: ObjectName, limit: Int) throws -> [UInt8] { try inner.read(name, limit: limit) }
    func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        try inner.read(name, offset: offset, count: count, into: &buffer)
    }
    func length(_ name: ObjectName) throws -> UInt64 { try inner.length(name) }
    func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws { try inner.list(folder, body) }
    func remove(_ name: ObjectName) throws {
        if refusesRemoval { throw Failure(.unreachable, "the line broke") }
        try inner.remove(name)
    }
}
