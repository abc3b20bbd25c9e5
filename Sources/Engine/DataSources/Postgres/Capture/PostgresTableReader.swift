import Entries
import Platform
import Sealing

/// A COPY that is under way, in a worker's session or, when the table cannot be locked again, in the holder's.
final class PostgresTableReader: ContentReader {
    private let content: PostgresTableContent
    private var hash: RowHash
    private var bytes: UInt64 = 0
    private var newBytes: UInt64 = 0
    private var borders: [LineBorder] = []
    private var session: PostgresConnection?
    private var rows: PostgresCopyOut?
    private var isHolders = false

    private var capture: PostgresDatabaseCapture { content.capture }
    private var sentence: String { "cannot read the table \(table.shown) of \(capture.holder.database)" }
    private var table: PostgresTable { capture.relations[content.relation].table }

    /// Begins the COPY.
    init(_ content: PostgresTableContent) throws {
        self.content = content
        hash = RowHash(key: content.capture.key)
        let relation = content.capture.relations[content.relation]
        let copy = relation.table.copyOut(
            part: content.part, of: relation.parts, encoding: content.capture.facts.encoding)
        if try !beginInWorker(copy, table: relation.table) { try beginInHolder(copy) }
    }

    deinit { stop(running: true) }

    func read(into buffer: inout Buffer) throws -> Bool {
        guard let rows, let session else { return false }
        let count: Int
        do {
            count = try rows.read(into: &buffer, hash: &hash) { try capture.sink.checkCancellation() }
            borders += rows.takeBorders()
            if count == 0 { try end(session) }
        } catch let error as PostgresError {
            stop(running: false)
            throw error.failure(sentence)
        }
        bytes += UInt64(count)
        return count > 0
    }

    func takeBorders() -> [LineBorder]? {
        defer { borders.removeAll(keepingCapacity: true) }
        return borders
    }

    func noteNew(bytes: UInt64) { newBytes = bytes }

    func finish() throws -> (entry: Entry, unchanged: Bool) {
        guard rows == nil else { throw Failure(.failed, "\(sentence): it was not read to its end") }
        capture.ledger.note(
            .init(rows: hash.count, sum: hash.sum, bytes: bytes, newBytes: newBytes), relation: content.relation,
            part: content.part)
        var entry = content.entry
        entry.size = bytes
        return (entry, true)
    }

    /// Answers false when the table's lock is not to be had at once: somebody waits for it behind the holder.
    private func beginInWorker(_ copy: String, table: PostgresTable) throws -> Bool {
        let worker = try capture.workers.take()
        // System catalogues are nobody's to lock, and need not be.
        let lock = table.schema == "pg_catalog" ? "" : "LOCK TABLE ONLY \(table.quoted) IN ACCESS SHARE MODE NOWAIT; "
        do throws(PostgresError) {
            try worker.beginCopy(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                    + "SET TRANSACTION SNAPSHOT \(PostgresText.literal(capture.holder.snapshot)); \(lock)\(copy)")
        } catch {
            if error.sqlState == PostgresError.lockNotAvailable {
                try telling(sentence) { try worker.execute("ROLLBACK") }
                capture.workers.giveBack(worker)
                return false
            }
            throw capture.holder.death() ?? error.failure(sentence)
        }
        session = worker
        rows = PostgresCopyOut(worker, rule: content.rule)
        return true
    }

    private func beginInHolder(_ copy: String) throws {
        let holder = capture.holder.borrow()
        isHolders = true
        session = holder
        do throws(PostgresError) { try holder.beginCopy("SAVEPOINT rows; \(copy)") } catch {
            leaveHolder(holder, failed: true)
            throw error.failure(sentence)
        }
        rows = PostgresCopyOut(holder, rule: content.rule)
    }

    private func end(_ session: PostgresConnection) throws {
        rows = nil
        self.session = nil
        if isHolders { return leaveHolder(session, failed: false) }
        try telling(sentence) { try session.execute("COMMIT") }
        capture.workers.giveBack(session)
    }

    /// The holder's transaction must live on: what was begun in it is rolled back to where it began.
    private func leaveHolder(_ holder: PostgresConnection, failed: Bool) {
        _ = try? holder.execute(
            failed ? "ROLLBACK TO SAVEPOINT rows; RELEASE SAVEPOINT rows" : "RELEASE SAVEPOINT rows")
        isHolders = false
        session = nil
        capture.holder.giveBack()
    }

    /// A reading that stops half-way: a worker's session is closed with it, the holder's goes on.
    private func stop(running: Bool) {
        guard let session else { return }
        rows = nil
        if running { session.cancel() }
        self.session = nil
        if isHolders { leaveHolder(session, failed: true) }
    }
}
