/// The locks that one transaction takes on the tables of a database.
struct PostgresLocks {
    private let leader: PostgresConnection
    private let cancellation: () throws -> Void
    /// The tables that are locked.
    private(set) var identities: Set<[String]> = []

    /// How many tables one statement locks: one round trip each.
    private static let batch = 500
    /// The table is not there, or is another kind of thing by now, or our right to it is gone.
    private static let gone = ["42P01", "3F000", "42809", PostgresError.insufficientPrivilege]

    /// Begins the transaction. Nothing in it takes its snapshot before somebody asks for one.
    init(_ leader: PostgresConnection, waitSeconds: Int, cancellation: @escaping () throws -> Void) throws {
        self.leader = leader
        self.cancellation = cancellation
        try leader.execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '\(waitSeconds)s'")
    }

    /// Locks tables. One that is gone is passed over, and the others stay locked.
    mutating func take(_ tables: [PostgresTable]) throws {
        for start in stride(from: 0, to: tables.count, by: Self.batch) {
            try take(tables[start..<min(start + Self.batch, tables.count)])
        }
    }

    private mutating func take(_ tables: ArraySlice<PostgresTable>) throws {
        let names = tables.map { "ONLY " + $0.quoted }.joined(separator: ", ")
        do {
            try leader.execute(
                "SAVEPOINT locks; LOCK TABLE \(names) IN ACCESS SHARE MODE; RELEASE SAVEPOINT locks",
                checking: cancellation)
        } catch let error as PostgresError {
            guard !error.connectionLost, Self.gone.contains(error.sqlState) else { throw error }
            try leader.execute("ROLLBACK TO SAVEPOINT locks; RELEASE SAVEPOINT locks")
            guard tables.count > 1 else { return }
            let middle = tables.startIndex + tables.count / 2
            try take(tables[..<middle])
            try take(tables[middle...])
            return
        }
        identities.formUnion(tables.map(\.identity))
    }

    /// Locks what the snapshot, which is taken by now, shows and what was not locked before; answers what must not be
    /// read for all that: it is gone, or was emptied or rewritten after the snapshot, which then shows it empty.
    mutating func takeLate(_ tables: [PostgresTable]) throws -> [PostgresTable] {
        let late = tables.filter { !identities.contains($0.identity) }
        if late.isEmpty { return [] }
        try take(late)
        // The column is what the snapshot shows; the function looks at what is there now, behind our lock.
        let same = try leader.query(
            """
            SELECT oid FROM pg_class WHERE oid IN (\(late.map(\.oid).joined(separator: ", ")))
                AND (relkind = 'p' OR relfilenode = pg_relation_filenode(oid))
            """)
        let safe = Set((0..<same.count).map { same[$0, 0] })
        return late.filter { !identities.contains($0.identity) || !safe.contains($0.oid) }
    }

    /// Lets all later waits last as long as they need.
    func finish() throws(PostgresError) { try leader.execute("SET LOCAL lock_timeout = 0") }
}
