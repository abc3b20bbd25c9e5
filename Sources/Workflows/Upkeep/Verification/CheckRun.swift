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
    private var unindexed: Set<[UInt8]> = []

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
        let trees = TreeCheck(
            repository, index: index, badPacks: badPacks, unindexed: unindexed, cancellation: cancellation)
        for record in records where record.kind != .fence { try trees.check(record, into: &outcome) }
        if trees.needsUnindexed {
            outcome.note(
                "index",
                "an object of it was lost: packs that snapshots need are in none; they can be read all the same")
        }
        outcome.entries = trees.entries
        outcome.chunks = index.count
        outcome.seconds = clock.monotonicSeconds() - begun
        return outcome
    }

    private func damage(_ object: String, _ error: any Error) throws {
        let failure = try CheckOutcome.damage(error)
        lock.locked { outcome.note(object, failure.cause ?? failure.sentence) }
    }

    private func checkRecords() throws -> [SnapshotRecord] {
        let records = try repository.records { name, failure in try self.damage(name.text, failure) }
        outcome.snapshots = records.filter { $0.kind == .snapshot }.count
        let names = try repository.names(in: .record) + repository.names(in: .forgotten)
        let known = Set(names.compactMap { $0.identifier })
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
        for name in try repository.names(in: .keySlot) {
            do { try repository.checkSlot(name) } catch { try damage(name.text, error) }
        }
        let settings = try repository.names(in: .settings)
        for name in settings {
            do { try repository.checkSetting(name) } catch { try damage(name.text, error) }
        }
        if settings.isEmpty {
            outcome.note(
                "settings", "there are none, and every repository is made with some: the store lost or hides them")
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
            guard let id = object.name.identifier, id.count == 32 else {
                outcome.notices.append(
                    CheckOutcome.Damage(object: object.name.text, sentence: "it is no object of the repository"))
                return
            }
            guard ObjectName(pack: id) == object.name else {
                return outcome.note(object.name.text, "no pack can have this name")
            }
            stored[id] = object.length
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
        try takeIn(stored.keys.filter { !indexed.contains($0) }, into: index)
        if readsData { try readPacks(stored, index) }
    }

    private func readPacks(_ stored: [[UInt8]: UInt64], _ index: ChunkIndex) throws {
        let check = PackCheck(repository, index: index, cancellation: cancellation, counters: counters)
        try check.check(stored, except: badPacks) { [self] id, problem in
            if let problem {
                try damage(ObjectName(pack: id).text, problem)
                _ = lock.locked { badPacks.insert(id) }
            } else {
                lock.locked { outcome.bytesRead += stored[id] ?? 0 }
            }
        }
    }

    /// Packs that no index names are what killed runs left behind, or their index was lost: what they hold counts.
    private func takeIn(_ orphans: [[UInt8]], into index: ChunkIndex) throws {
        guard !orphans.isEmpty else { return }
        unindexed = Set(orphans)
        for id in orphans.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            try cancellation.check()
            do { index.add(try repository.directory(of: ObjectName(pack: id))) } catch {
                try damage(ObjectName(pack: id).text, error)
                badPacks.insert(id)
            }
        }
        outcome.notices.append(
            CheckOutcome.Damage(
                object: "packs",
                sentence:
                    "\(orphans.count) are in no index: a run that was killed left them, or an index object was lost"))
    }
}
