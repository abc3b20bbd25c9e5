import Platform
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("Making a repository")
struct CreationTests {
    @Test("over another one is refused, and over one that lost its salvor.json")
    func taken() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let before = store.names
        let second = #expect(throws: Failure.self) { try TestRepository(in: store, seed: 2) }
        #expect(second?.kind == .refused && store.names == before)
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        try session.commit(SnapshotRecord(.snapshot, session: session.id))
        try store.remove(RepositoryDescription.name)
        let orphan = #expect(throws: Failure.self) { try TestRepository(in: store, seed: 2) }
        #expect(orphan?.kind == .refused)
        #expect(try TestRepository.names(store, in: "keys").count == 2)
        #expect(try TestRepository.names(store, in: "settings").count == 1)
    }

    @Test(
        "that dies at any call can be done again, and the repository is then as any other",
        arguments: FaultyStore.Fault.allCases)
    func again(fault: FaultyStore.Fault) throws {
        for call in 1...40 {
            let store = MemoryStore()
            let faulty = FaultyStore(store, fault, atCall: call)
            if (try? TestRepository(in: faulty)) != nil, !faulty.struck { return }
            if (try? store.length(RepositoryDescription.name)) == nil { _ = try TestRepository(in: store, seed: 2) }
            let repository = try TestRepository.open(store)
            #expect(try repository.names(in: .settings).count == 1, "call \(call)")
            for name in try repository.names(in: .settings) { try repository.checkSetting(name) }
        }
        Issue.record("it took more than 40 calls")
    }
}
