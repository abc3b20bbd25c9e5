import Formats
import Platform
import Sealing

/// Puts the result of a drill into the repository, so that it remembers when it was last proved.
package struct EvidenceCommit {
    /// The drilled snapshot.
    package var drilled: SnapshotRecord
    /// The report's JSON.
    package var report: JSONValue
    /// When the drill began.
    package var started: Instant
    /// The program and its version.
    package var tool: String

    /// Describes what to store.
    package init(drilled: SnapshotRecord, report: JSONValue, started: Instant, tool: String) {
        self.drilled = drilled
        self.report = report
        self.started = started
        self.tool = tool
    }

    /// Commits an evidence record, signed where this password holds the upkeep key, and gives it.
    package func commit(to repository: Repository, clock: any Clock = SystemClock()) throws -> SnapshotRecord {
        let session = try WriteSession(repository, purpose: "evidence", clock: clock)
        do {
            let writer = try MetadataWriter(repository, session: session)
            var record = SnapshotRecord(.evidence, session: session.id)
            record.system = drilled.system
            record.host = Host.name()
            record.user = Host.userName()
            record.tool = tool
            record.started = started
            record.dataTime = drilled.dataTime
            record.heads = session.heads
            record.drilled = drilled.session
            let bytes = JSONWriter.bytes(report)
            record.report = try writer.store(bytes)
            record.signature = repository.signature(of: record, report: Digest.sha256(bytes.span))
            try writer.finish()
            record.committedBy = clock.now()
            try session.commit(record)
            return record
        } catch {
            try? session.giveUp()
            throw error
        }
    }
}
