import Entries
import Platform
import Repositories
import Storage

/// Checks a repository: every object that a snapshot needs is there and whole; with `readsData`, every byte of it.
package final class CheckRun: @unchecked Sendable {
    private let repository: Repository
    private let part: DataPart?
    private let cancellation: any Cancellation
    private let clock: any Clock
    private let counters: WorkCounters
    private let lock = Lock()
    private var outcome = CheckOutcome()
    private var packs = PackStates(count: 0)
    /// Packs that turned out to be damaged while data was read.
    private var bad: Set<UInt32> = []
    /// Packs with chunks that could not be read.
    private var suspects: Set<UInt32> = []
    /// What is wrong with contents, by their keys.
    private var wrong: [Int: String] = [:]

    /// Prepares a check. With `readsData` it reads the data that belongs to `part`.
    package init(
        _ repository: Repository, readsData: Bool, part: DataPart = .whole, clock: any Clock = SystemClock(),
        cancellation: any Cancellation = NeverCancelled(), counters: WorkCounters = WorkCounters()
    ) {
        self.repository = repository
        self.part = readsData ? part : nil
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
        let trees = try part.map { try checkData(of: $0, records, index) } ?? follow(records, index)
        if trees.needsUnindexed {
            outcome.note(
                "index",
                "an object of it was lost: packs that snapshots need are in none; they can be read all the same")
        }
        // A damaged copy is damage even though the walk went on with another one.
        let named = Set(outcome.damages.map(\.object))
        for notice in repository.notices.all where !named.contains(notice.object) {
            outcome.note(notice.object, notice.sentence)
        }
        outcome.take(trees.findings)
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
        for (lost, record) in try repository.lostRecords(seenBy: records) {
            outcome.note(
                lost.text, "record \(record.shortIdentifier) saw it, and it is gone: the store lost or hides it")
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

    // MARK: Packs

    private func checkPacks(_ index: ChunkIndex) throws {
        let indexed = index.packCount
        var isStored = NumberSet(below: indexed)
        var isBad = isStored
        var orphans: [ObjectName] = []
        try repository.store.list("packs") { object in
            guard let id = object.name.identifier, id.count == 32 else {
                outcome.notices.append(
                    CheckOutcome.Damage(object: object.name.text, sentence: "it is no object of the repository"))
                return
            }
            guard ObjectName(pack: id) == object.name else {
                return outcome.note(object.name.text, "no pack can have this name")
            }
            outcome.packs += 1
            let numbers = index.packs(named: id)
            if numbers.isEmpty { orphans.append(object.name) }
            for number in numbers {
                isStored.insert(Int(number))
                let length = index.pack(number).length
                guard object.length != length, isBad.insert(Int(number)) else { continue }
                outcome.note(object.name.text, "it has \(object.length) bytes and should have \(length)")
            }
        }
        for number in 0..<indexed where !isStored.contains(number) {
            isBad.insert(number)
            outcome.note(index.pack(UInt32(number)).name.text, "it is missing")
        }
        try takeIn(orphans, into: index)
        packs = PackStates(count: index.packCount)
        for number in 0..<index.packCount {
            packs[UInt32(number)] = number >= indexed ? .unindexed : isBad.contains(number) ? .bad : .good
        }
    }

    /// Packs that no index names are what killed runs left behind, or their index was lost: what they hold counts.
    private func takeIn(_ orphans: [ObjectName], into index: ChunkIndex) throws {
        guard !orphans.isEmpty else { return }
        var intake = PackIntake(into: index)
        let audit = PackAudit(repository)
        for name in orphans {
            try cancellation.check()
            do { intake.add(try audit.directory(of: name)) } catch { try damage(name.text, error) }
        }
        intake.finish()
        outcome.notices.append(
            CheckOutcome.Damage(
                object: "packs",
                sentence:
                    "\(orphans.count) are in no index: a run that was killed left them, or an index object was lost"))
    }

    // MARK: Trees and data

    /// Follows every record's tree, the newest first.
    private func follow(
        _ records: [SnapshotRecord], _ index: ChunkIndex, wrong: [Int: String] = [:],
        content: TreeCheck.ContentListener? = nil
    ) throws -> TreeCheck {
        let trees = TreeCheck(
            repository, index: index, packs: packs, wrong: wrong, cancellation: cancellation, content: content)
        for record in records.reversed() where record.kind != .fence { try trees.check(record) }
        return trees
    }

    /// Follows the trees while data is read.
    private func checkData(of part: DataPart, _ records: [SnapshotRecord], _ index: ChunkIndex) throws -> TreeCheck {
        var isGiven: Set<[UInt8]> = []
        let wanted = (0..<UInt32(index.packCount)).filter { number in
            // One that index objects describe in two ways is read once.
            let id = index.pack(number).id
            return packs[number] != .bad && part.contains(id)
                && (index.packs(named: id).count == 1 || isGiven.insert(id).inserted)
        }
        var choice = ContentChoice(index, part: part)
        let listener = DataCheck.Listener(
            pack: { [self] info, problem in
                guard let problem else { return lock.locked { outcome.bytesRead += info.length } }
                try damage(info.name.text, problem)
                lock.locked { bad.formUnion(index.packs(named: info.id)) }
            },
            content: { [self] job, answer in lock.locked { take(answer, of: job) } })
        let data = DataCheck(
            repository, index: index, packs: wanted, cancellation: cancellation, counters: counters, listener: listener)
        var trees: TreeCheck?
        try data.run { hand in
            trees = try self.follow(records, index) { item, content, reader, job in
                if try choice.takes(item, content, reader: reader) { try hand(job) }
            }
        }
        outcome.filesNotCompared = choice.left
        try verifySuspects(except: wanted, index)
        // Which entries lack something, in which snapshots, is known when every pack has been read.
        if let trees, bad.isEmpty, wrong.isEmpty { return trees }
        for number in bad { packs[number] = .bad }
        return try follow(records, index, wrong: wrong)
    }

    private func take(_ answer: ContentCheck.Answer, of job: ContentJob) {
        switch answer {
        case .right: outcome.filesCompared += 1
        case .wrong:
            outcome.filesCompared += 1
            wrong[job.key] = "its bytes are not those that its SHA-256 promises"
        case .unread(let failure, let packs):
            wrong[job.key] = wrong.count < CheckOutcome.namedAtMost ? failure.description : "it cannot be read"
            suspects.formUnion(packs)
        }
    }

    /// Reads the packs that a file could not be read out of, though they belong to another part: what is damaged is
    /// told by whoever comes upon it.
    private func verifySuspects(except read: [UInt32], _ index: ChunkIndex) throws {
        let audit = PackAudit(repository)
        for number in suspects.subtracting(read).sorted() where packs[number] != .bad && !bad.contains(number) {
            try cancellation.check()
            let pack = index.pack(number)
            do { _ = try audit.verify(pack.name) } catch {
                try damage(pack.name.text, error)
                bad.formUnion(index.packs(named: pack.id))
            }
        }
    }
}
