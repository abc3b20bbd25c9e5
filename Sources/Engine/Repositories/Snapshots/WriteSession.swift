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
        guard try repository.names(in: .condemned).isEmpty else {
            throw Failure(
                .failed, "the repository was pruned by a newer salvor", hint: "use that version to write to it")
        }
        records = try repository.records { _, _ in }
        index = try repository.loadIndex()
    }

    /// Packs and bytes stored so far.
    package var stored: (packs: Int, bytes: UInt64) { lock.locked { (storedPacks, storedBytes) } }

    /// Takes a pack that is complete and durable.
    package func add(_ pack: FinishedPack) throws {
        index.add(pack)
        let full: [FinishedPack] = lock.locked {
            storedPacks += 1
            storedBytes += pack.info.length
            waiting.append(pack)
            guard waiting.count >= Self.packsPerDelta else { return [] }
            defer { waiting = [] }
            return waiting
        }
        try writeIndex(full)
    }

    /// Writes the index of every pack handed in so far.
    package func flushIndex() throws {
        let rest: [FinishedPack] = lock.locked {
            defer { waiting = [] }
            return waiting
        }
        try writeIndex(rest)
    }

    private func writeIndex(_ packs: [FinishedPack]) throws {
        guard !packs.isEmpty else { return }
        let object = try repository.sealer.document(.index, IndexDocument.bytes(packs), name: nil)
        _ = try repository.store.create(ObjectName("index", Digest.sha256(object.span)), object.span)
        lock.locked { storedBytes += UInt64(object.count) }
    }

    /// The records that no other record names, which a new record must name.
    package var heads: [[UInt8]] {
        let named = Set(records.flatMap { $0.heads })
        return records.map { $0.session }.filter { !named.contains($0) }.suffix(256).map { $0 }
    }

    /// Commits: the index first, then the record, the only act that makes the rest visible. Reads the record back and
    /// removes the mark. Throws `.failed` when the session was fenced: start over.
    package func commit(_ record: SnapshotRecord) throws {
        precondition(record.session == id)
        try flushIndex()
        let content = JSONWriter.bytes(record.json)
        let object = try repository.sealer.document(.record, content, name: recordName)
        guard object.count <= Limits.recordBytes else {
            throw Failure(
                .failed, "the snapshot's record is larger than \(Limits.recordBytes) bytes",
                hint: "back up fewer sources at once, with fewer tags")
        }
        do { _ = try repository.store.create(recordName, object.span) } catch {
            // The answer may have been lost and the record made: what is there decides.
            guard (try? repository.store.length(recordName)) != nil else { throw error }
        }
        let committed = try repository.record(recordName)
        guard committed.kind == record.kind else {
            throw Failure(
                .failed, "a prune declared this session dead before it could commit",
                hint: "run the command again: what was stored is used")
        }
        try repository.store.remove(markName)
    }

    /// Gives up: fences the session, so that nothing can commit it later, and removes the mark.
    package func giveUp() throws {
        let fence = SnapshotRecord(.fence, session: id)
        // What was stored stays of use: whoever runs next finds it in the index.
        try flushIndex()
        let object = try repository.sealer.document(.record, JSONWriter.bytes(fence.json), name: recordName)
        _ = try repository.store.create(recordName, object.span)
        _ = try repository.record(recordName)
        try repository.store.remove(markName)
    }
}
