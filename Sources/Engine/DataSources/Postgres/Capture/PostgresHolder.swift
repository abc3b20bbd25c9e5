import Platform

/// The session that holds every table's lock and the snapshot of one database, from the first row to the last.
///
/// The locks come first and the snapshot after them. The other way round, a TRUNCATE between the two would leave a
/// snapshot in which the table is empty, and nobody would be told.
final class PostgresHolder: @unchecked Sendable {
    let location: PostgresLocation
    /// The database's name.
    let database: String
    let serverVersion: Int
    /// The snapshot's name, which other sessions of this database take over.
    let snapshot: String
    /// The server's clock when the snapshot was taken.
    let dataTime: Instant
    /// Where the write-ahead log stood, empty when the role may not know.
    let position: String
    /// The tables of the snapshot. Those that are readable are locked.
    let tables: [PostgresTable]
    /// Tables that came and went so fast that they could not be locked.
    let unlocked: [PostgresTable]

    private let connection: PostgresConnection
    private let lock = Lock()
    private var isLent = false
    /// Touched by who has borrowed the session.
    private var cause: Failure?

    /// How long one wait for locks lasts, and how often it is tried. While we wait in a table's queue, those who come
    /// after us wait too: better to step back.
    let lockSeconds: Int
    private static let attempts = 6

    /// Locks every readable table of a database, then takes the snapshot. One wait for locks lasts `lockSeconds`.
    init(
        _ location: PostgresLocation, database wanted: String?, lockSeconds: Int = PostgresAdapter.lockSeconds,
        cancellation: @escaping () throws -> Void
    ) throws {
        self.location = location
        self.lockSeconds = lockSeconds
        let scout = try PostgresSession.reading(location, database: wanted)
        let leader = try PostgresSession.reading(location, database: wanted)
        database = leader.database
        serverVersion = leader.serverVersion
        let shown = "the database \(leader.database)"
        try telling("cannot read the catalogue of \(shown)") { try Self.refusePooler(scout, leader, shown) }
        var attempt = 0
        while true {
            try cancellation()
            attempt += 1
            guard
                let held = try Self.hold(
                    leader, scout, lockSeconds, shown, isLast: attempt == Self.attempts, cancellation)
            else {
                try telling("cannot give up the locks of \(shown)") { try leader.execute("ROLLBACK") }
                continue
            }
            snapshot = held.told[0, 0]
            dataTime = Self.instant(held.told[0, 1])
            position = held.told[0, 2]
            tables = held.tables
            unlocked = held.unlocked
            connection = leader
            return
        }
    }

    private struct Held {
        var told: PostgresRows
        var tables: [PostgresTable]
        var unlocked: [PostgresTable]
    }

    /// One attempt; nil when another one may do better.
    private static func hold(
        _ leader: PostgresConnection, _ scout: PostgresConnection, _ seconds: Int, _ shown: String, isLast: Bool,
        _ cancellation: @escaping () throws -> Void
    ) throws -> Held? {
        let planned = try telling("cannot list the tables of \(shown)") {
            try PostgresCatalog.tables(scout, sizes: false)
        }
        do {
            var locks = try PostgresLocks(leader, waitSeconds: seconds, cancellation: cancellation)
            try locks.take(planned.filter(\.isReadable))
            let told = try leader.query(export(leader.serverVersion))
            let seen = try PostgresCatalog.tables(leader, sizes: true)
            let unlocked = try locks.takeLate(seen.filter(\.isReadable)) + seen.filter { !$0.isThere }
            if !unlocked.isEmpty, !isLast { return nil }
            try locks.finish()
            let lost = Set(unlocked.map(\.identity))
            return Held(told: told, tables: seen.filter { !lost.contains($0.identity) }, unlocked: unlocked)
        } catch let error as PostgresError {
            if !error.connectionLost, !isLast, mayPass.contains(error.sqlState) { return nil }
            let blockers = (try? Self.blockers(scout)) ?? ""
            throw error.failure("cannot lock the tables of \(shown)\(blockers)")
        }
    }

    /// Lends the session that holds the locks: for a table that a worker cannot lock, because somebody who wants it for
    /// himself waits behind us, and for what is read after the rows. Waits until it is free.
    func borrow() -> PostgresConnection {
        lock.locked {
            while isLent { lock.wait() }
            isLent = true
        }
        return connection
    }

    /// Takes the session back.
    func giveBack() {
        lock.locked {
            isLent = false
            lock.wakeAll()
        }
    }

    /// Runs `body` with the session.
    func with<Answer>(_ sentence: String, _ body: (PostgresConnection) throws -> Answer) throws -> Answer {
        let connection = borrow()
        defer { giveBack() }
        return try telling(sentence) { try body(connection) }
    }

    /// Why the snapshot cannot be used any more, if so. The first answer stays: only then the server says why.
    func death() -> Failure? {
        let connection = borrow()
        defer { giveBack() }
        if let cause { return cause }
        _ = connection.takeNotices()
        // To a session that is idle the server says why it ends it before anybody asks.
        connection.listen()
        do { try connection.execute("SELECT 1") } catch {
            let last = connection.takeNotices().last
            cause = Self.death(of: database, error, words: last ?? error.words)
        }
        return cause
    }

    private static func death(of database: String, _ error: PostgresError, words: String) -> Failure {
        if error.sqlState == PostgresError.serializationFailure || words.contains("conflict with recovery") {
            return Failure(
                .unreachable,
                "the standby ended the snapshot of \(database) before everything was read: what it had to replay from "
                    + "its primary would have taken away rows or tables that the backup still needed",
                hint: "raise max_standby_streaming_delay on the standby, turn on hot_standby_feedback there, or back "
                    + "up the primary", cause: words)
        }
        return Failure(
            .unreachable, "the session that held the snapshot of \(database) ended before everything was read",
            hint: "look into the server's log: a timeout, a restart, a failover, or a standby's recovery conflict "
                + "(max_standby_streaming_delay, hot_standby_feedback)", cause: words)
    }

    /// Lock not available, deadlock, or what was listed is not there any more.
    private static let mayPass = [PostgresError.lockNotAvailable, "40P01", "42P01", "XX000"]

    private static func blockers(_ scout: PostgresConnection) throws -> String {
        let rows = try scout.query(
            """
            SELECT l.relation::regclass::text, l.pid, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
            WHERE l.granted AND l.mode = 'AccessExclusiveLock' AND l.database = (
                SELECT oid FROM pg_database WHERE datname = current_database()) AND c.relkind IN ('r', 'p') LIMIT 3
            """)
        let words = (0..<rows.count).map { "process \(rows[$0, 1]) holds \(rows[$0, 0])" }
        return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
    }

    private static func export(_ version: Int) -> String {
        """
        SELECT pg_export_snapshot(), extract(epoch FROM clock_timestamp()),
            CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END
        """
    }

    private static func instant(_ seconds: String) -> Instant {
        let parts = seconds.split(separator: ".")
        let fraction = parts.count > 1 ? String((parts[1] + "000000000").prefix(9)) : "0"
        return Instant(seconds: Int64(parts.first ?? "0") ?? 0, nanoseconds: UInt32(fraction) ?? 0)
    }

    /// A pooler that hands each transaction to another server session cannot keep a snapshot, nor a setting.
    private static func refusePooler(
        _ scout: PostgresConnection, _ leader: PostgresConnection, _ shown: String
    ) throws {
        let before = try scout.value("SELECT pg_backend_pid()")
        try leader.execute("BEGIN")
        let other = try leader.value("SELECT pg_backend_pid()")
        let after = try scout.value("SELECT pg_backend_pid()")
        try leader.execute("COMMIT")
        if isPooled(before: before, other: other, after: after) {
            throw Failure(
                .failed, "\(shown) is reached through a pooler that gives each transaction another session",
                hint: "name the server itself, or a pooler in session mode: a snapshot lives in one session")
        }
    }

    /// Whether three answers of `pg_backend_pid()` show a pooler: our first session's, another one's while it is inside
    /// a transaction, our first session's again.
    static func isPooled(before: String, other: String, after: String) -> Bool { before != after || before == other }
}
