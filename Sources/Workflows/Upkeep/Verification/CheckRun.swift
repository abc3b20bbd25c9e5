import Platform
import Repositories
import Storage

/// Checks a repository: every object that a snapshot needs is there and whole; with `readsData`, every byte of it.
package final class CheckRun: @unchecked Sendable {
    private let repository: Repository
    private let readsData: Bool
    private let cancellation: any Cancellation
    private let clock: any Clock
    private let counters: WorkCounters
    private let lock = Lock()
    private var outcome = CheckOutcome()
    private var badPacks: Set<[UInt8]> = []

    /// Prepares a check.
    package init(
        _ repository: Repository, readsData: Bool, clock: any Clock = SystemClock(),
        cancellation: any Cancellation = NeverCancelled(), counters: WorkCounters = WorkCounters()
    ) {
        self.repository = repository
        self.readsData = readsData
        self.clock = clock
        self.cancellation = cancellation
        self.counters = counters
    }

    /// Checks. Everything that is wrong is in the outcome; only what ends the check itself is thrown.
    package func run() throws -> CheckOutcome {
        let begun = clock.monotonicSeconds()
        // Readers read snapshots, then the index, then the packs: what a writer adds meanwhile is seen by none or all.
        let records = try checkRecords()
        try checkSmallObjects()
        let index = try checkIndex()
        try checkPacks(index)
        let trees = TreeCheck(repository, index: index, badPacks: badPacks, cancellation: cancellation)
        for record in records where record.kind != .fence { try trees.check(record, into: &outcome) }
        outcome.entries = trees.entries
        outcome.chunks = index.count
        outcome.seconds = clock.monotonicSeconds() - begun
        return outcome
    }

    private func damage(_ object: String, _ error: any Error) throws {
        let failure = Failure(error)
        switch failure.kind {
        case .damaged: lock.locked { outcome.note(object, failure.cause ?? failure.sentence) }
        default: throw failure
        }
    }

    private func checkRecords() throws -> [SnapshotRecord] {
        let records = try repository.records { name, failure in try self.damage(name.text, failure) }
        outcome.snapshots = records.filter { $0.kind == .snapshot }.count
        let known = Set(
            records.map { $0.session } + (try repository.names(in: .forgotten)).compactMap { $0.identifier })
        for record in records {
            for head in record.heads where !known.contains(head) {
                let name = ObjectName("snapshots", head)
                outcome.note(
                    name.text, "record \(record.shortIdentifier) saw it, and it is gone: the store lost or hides it")
            }
        }
        return records
    }

    private func checkSmallObjects() throws {
        do { _ = try repository.slots(openedWith: nil) } catch { try damage("keys", error) }
        for name in try repository.names(in: .settings) {
            do { try repository.checkSetting(name) } catch { try damage(name.text, error) }
        }
    }

    private func checkIndex() throws -> ChunkIndex {
        let index = ChunkIndex()
        for name in try repository.names(in: .index) {
            do { try repository.readIndex(name, into: index) } catch { try damage(name.text, error) }
        }
        return index
    }

    private func checkPacks(_ index: ChunkIndex) throws {
        var stored: [[UInt8]: UInt64] = [:]
        try repository.store.list("packs") { object in
            if let id = object.name.identifier { stored[id] = object.length }
        }
        outcome.packs = stored.count
        var indexed: Set<[UInt8]> = []
        for pack in index.allPacks where indexed.insert(pack.id).inserted {
            guard let length = stored[pack.id] else {
                outcome.note(pack.name.text, "it is missing")
                badPacks.insert(pack.id)
                continue
            }
            if length != pack.length {
                outcome.note(pack.name.text, "it has \(length) bytes and should have \(pack.length)")
                badPacks.insert(pack.id)
            }
        }
        let orphans = stored.keys.filter { !indexed.contains($0) }
        if !orphans.isEmpty {
            outcome.notices.append(
                CheckOutcome.Damage(
                    object: "packs",
                    sentence: "\(orphans.count) are in no index: what runs that were killed left behind"))
        }
        if readsData { try readPacks(stored) }
    }

    private func readPacks(_ stored: [[UInt8]: UInt64]) throws {
        let total = stored.values.reduce(0, +)
        counters.expect(items: stored.count, bytes: Int(total))
        let queue = BoundedQueue<[UInt8]>(capacity: 64)
        try ThreadScope.run { scope in
            scope.whenFailing { queue.cut() }
            for _ in 0..<min(max(Host.processors, 2), 8) {
                scope.start("verifier") { try self.verifyPacks(queue) }
            }
            for id in stored.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) where !badPacks.contains(id) {
                guard queue.push(id) else { break }
            }
            queue.close()
        }
    }

    private func verifyPacks(_ queue: BoundedQueue<[UInt8]>) throws {
        let audit = PackAudit(repository)
        while let id = queue.pop() {
            try cancellation.check()
            let name = ObjectName(pack: id)
            do {
                let pack = try audit.verify(name)
                lock.locked { outcome.bytesRead += pack.info.length }
                counters.add(items: 1, bytes: Int(pack.info.length))
            } catch {
                try damage(name.text, error)
                _ = lock.locked { badPacks.insert(id) }
            }
        }
    }
}
