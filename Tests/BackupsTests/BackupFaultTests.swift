import Backups
import Platform
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

@Suite("A backup whose store fails")
struct BackupFaultTests {
    private static func source() -> MadeTree {
        var root = MadeTree.Node.directory()
        root.children["large"] = .file(noise(1_500_000, seed: 1), inode: 1)
        for number in 0..<30 {
            root.children["f\(number)"] = .file(noise(200, seed: 100 + UInt64(number)), inode: UInt64(number))
        }
        root.children["folder"] = .directory(["x": .file([1]), "y": .file([2])])
        return MadeTree(root)
    }

    @Test(
        "at any call leaves no snapshot that is not whole; the next run is made, and the repository is healthy",
        arguments: FaultyStore.Fault.allCases)
    func everyCall(fault: FaultyStore.Fault) throws {
        var call = 0
        while true {
            call += 1
            let store = MemoryStore()
            let made = try TestRepository(in: store)
            try backUp(MadeTree(.directory(["before": .file([0])])), to: made.repository, made.clock)
            made.clock.advance(seconds: 3600)
            let opening = FaultyStore(store, fault, atCall: 0)
            _ = try TestRepository.open(opening)
            let faulty = FaultyStore(store, fault, atCall: opening.calls + call)
            let source = Self.source()
            var succeeded = false
            do {
                try backUp(source, to: try TestRepository.open(faulty, seed: 7), made.clock)
                succeeded = true
            } catch { #expect(faulty.struck, "call \(call): \(Failure(error))") }
            let snapshots = try made.repository.records().filter { $0.kind == .snapshot }
            #expect(snapshots.count == 2 || !succeeded, "call \(call)")
            try demandHealth(made.repository, "after call \(call)")

            made.clock.advance(seconds: 3600)
            try backUp(source, to: made.repository, made.clock)
            #expect(try contents(newest(made.repository)).count == 33, "call \(call)")
            try demandHealth(made.repository, "after the next run, call \(call)")
            if !faulty.struck { break }
        }
        #expect(call > 15, "\(call) calls")
    }

    private func demandHealth(_ repository: Repository, _ label: String) throws {
        let outcome = try CheckRun(repository, readsData: true).run()
        #expect(outcome.damages == [], "\(label)")
    }

    @Test("a damaged past does not keep the next backup from being made, and what it needs is stored anew")
    func damagedPast() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let source = Self.source()
        try backUp(source, to: made.repository, made.clock)
        for folder in ["packs", "index", "snapshots", "settings"] {
            for name in try TestRepository.names(store, in: folder) {
                let twin = store.copy()
                twin.damage(name) { $0[$0.count / 2] ^= 1 }
                let repository = try TestRepository.open(twin)
                made.clock.advance(seconds: 3600)
                let outcome = try backUp(source, to: repository, made.clock)
                #expect(outcome.isComplete, "\(name)")
            }
        }
    }

    @Test("a lost index object is made up for: everything is stored anew, and restores")
    func lostIndex() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let source = Self.source()
        try backUp(source, to: made.repository, made.clock)
        for name in try made.repository.names(in: .index) { try store.remove(name) }
        made.clock.advance(seconds: 3600)
        let outcome = try backUp(source, to: made.repository, made.clock)
        #expect(outcome.sources[0].counts.unchangedFiles == 0 && outcome.storedBytes > 1_500_000)
        #expect(try contents(newest(made.repository)).count == 33)
    }
}
