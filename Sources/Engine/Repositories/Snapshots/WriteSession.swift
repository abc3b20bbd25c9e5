import Formats
import Platform
import Sealing
import Storage

/// One writer at work: its mark, its packs and index deltas, its commit (design §5, rules 1 and 2).
///
/// Any thread may hand packs in. After a failure call `giveUp`, unless the process dies: then the mark stays, and a
/// later prune settles it.
package final class WriteSession: @unchecked Sendable {
    /// The session's 16 bytes.
    package let id: [UInt8]
    /// What the writer sees: chunks it may rely on, and those that it stores.
    package let index: ChunkIndex
    /// The records that were there when the session began.
    package let records: [SnapshotRecord]
    private let repository: Repository
    private let lock = Lock()
    private var waiting: [FinishedPack] = []
    private var waitingChunks = 0
    private var storedPacks = 0
    private var storedBytes: UInt64 = 0

    /// A delta is written when so many packs are complete: a killed run's work can be taken over up to there.
    private static let packsPerDelta = 8

    private var markName: ObjectName { ObjectName("sessions", id) }
    private var recordName: ObjectName { ObjectName("snapshots", id) }

    /// Begins a session: the mark first, then the look at what is condemned, then the index.
    package init(_ repository: Repository, purpose: String, clock: any Clock) throws {
        self.repository = repository
        id = repository.randomBytes(16)
        let mark: JSONValue = [
            "purpose": .string(purpose), "host": .string(Host.name()), "process": JSONValue(Host.processID),
            "started": SnapshotRecord.time(clock.now()),
        ]
        let name = ObjectName("sessions", id)
        let object = try repository.sealer.document(.sessionMark, JSONWriter.bytes(mark), name: name)
        guard try repository.store.create(name, object.span) == .created else {
            throw Failure(
                .failed, "two sessions have the same identifier", hint: "the random generator of this machine is broken"
            )
        }
        do {
            guard try repository.names(in: .condemned).isEmpty else {
                throw Failure(
                    .failed, "the repository was pruned by a newer salvor", hint: "use that version to write to it")
            }
            // A damaged record or index object must not keep the next backup from being made: `check` names it.
            records = try repository.records { _, failure in if failure.kind != .damaged { throw failure } }
            index = try repository.loadIndex()
        } catch {
            try? Self.end(id, in: repository)
            throw error
        }
    }

    /// Packs and bytes stored so far.
    package var stored: (packs: Int, bytes: UInt64) { lock.locked { (storedPacks, storedBytes) } }

    /// Takes a pack that is complete and durable.
    package func add(_ pack: FinishedPack) throws {
        index.add(pack)
        let isFull: Bool = lock.locked {
            storedPacks += 1
            storedBytes += pack.info.length
            waiting.append(pack)
            waitingChunks += pack.frames.reduce(0) { $0 + $1.chunks.count }
            return waiting.count >= Self.packsPerDelta || waitingChunks >= Limits.indexedChunks
        }
        if isFull { try flushIndex() }
    }

    /// Writes the index of every pack handed in so far. What could not be written waits for the next call.
    package func flushIndex() throws {
        let packs: [FinishedPack] = lock.locked {
            defer {
                waiting = []
                waitingChunks = 0
            }
            return waiting
        }
        guard !packs.isEmpty else { return }
        do {
            let object = try repository.sealer.document(.index, IndexDocument.bytes(packs), name: nil)
            _ = try repository.store.create(ObjectName("index", Digest.sha256(object.span)), object.span)
            lock.locked { storedBytes += UInt64(object.count) }
        } catch {
            lock.locked { waiting = packs + waiting }
            throw error
        }
    }

    /// The records that no other record names, which a new record must name.
    package var heads: [[UInt8]] {
        let named = Set(records.flatMap { $0.heads })
        return records.map { $0.session }.filter { !named.contains($0) }.suffix(256).map { $0 }
    }

    /// Commits: the index first, then the record, the only act that makes the rest visible. Reads the record back, then
    /// removes the mark. Throws `.failed` when the session was fenced: start over.
    package func commit(_ record: SnapshotRecord) throws {
        precondition(record.session == id)
        try flushIndex()
        let content = JSONWriter.bytes(record.json)
        let object = try repository.sealer.document(.record, content, name: recordName)
        guard content.count <= Limits.recordBytes, object.count <= Limits.recordBytes else {
            throw Failure(
                .failed, "the snapshot's record is larger than \(Limits.recordBytes) bytes",
                hint: "back up fewer sources at once, with fewer tags")
        }
        do { _ = try repository.store.create(recordName, object.span) } catch {
            // The answer may have been lost and the record made: what is there decides.
            guard (try? repository.store.length(recordName)) != nil else { throw error }
        }
        let committed: SnapshotRecord
        // Asked once more before a snapshot that is there is told to have failed.
        do { committed = try repository.record(recordName) } catch { committed = try repository.record(recordName) }
        guard committed.kind == record.kind else {
            throw Failure(
                .failed, "a prune declared this session dead before it could commit",
                hint: "run the command again: what was stored is used")
        }
        // The snapshot is there: a mark that stays costs it nothing, and a later prune removes it.
        try? repository.store.remove(markName)
    }

    /// Gives up: fences the session, so that nothing can commit it later, and removes the mark.
    package func giveUp() throws {
        // What was stored stays of use where it can: whoever runs next finds it in the index.
        try? flushIndex()
        try Self.end(id, in: repository)
    }

    /// Creates the fence unless the session has committed, reads back what is there, and removes the mark.
    private static func end(_ id: [UInt8], in repository: Repository) throws {
        let name = ObjectName("snapshots", id)
        let fence = JSONWriter.bytes(SnapshotRecord(.fence, session: id).json)
        let object = try repository.sealer.document(.record, fence, name: name)
        _ = try repository.store.create(name, object.span)
        _ = try repository.record(name)
        try repository.store.remove(ObjectName("sessions", id))
    }
}
