import Platform

/// Builds the indexes of large primary keys and unique constraints, for a restore that reads rows back meanwhile.
///
/// `pg_restore` would build them by ADD CONSTRAINT, under a lock that keeps readers out until the index is there.
/// CREATE UNIQUE INDEX lets them read, and making the index the constraint's is done in a moment.
struct PostgresIndexBuilder {
    let archive: PostgresArchive

    private typealias Entry = (number: Int, index: PostgresUniqueIndex)

    /// The index of a smaller table is built in a few milliseconds, for which no reader needs to be let in.
    private static let largeBytes = 1 << 20

    /// Builds what can be built, and answers the numbers of the entries that are done. What the server refuses is
    /// undone, and left to `pg_restore`: its complaint is the one that is told.
    func build(_ list: PostgresArchiveList) throws -> Set<Int> {
        let items = list.items.filter(\.isConstraint)
        guard !items.isEmpty else { return [] }
        let sizes = try largeTables()
        guard !sizes.isEmpty else { return [] }
        let entries: [Entry] = try archive.uniqueIndexes(items).map { ($0.key, $0.value) }
        func bytes(_ entry: Entry) -> Int64 { sizes[Array(entry.index.quotedTable.utf8)] ?? 0 }
        let large = entries.filter { bytes($0) > 0 }.sorted { (bytes($0), $1.number) > (bytes($1), $0.number) }
        // A table may have several: to attach one waits for the building of the others, and readers wait behind that.
        // So none is attached before all are built.
        let built = SharedList<Entry>([])
        try inSessions(large) { entry, connection in
            if try attempt(entry.index.create, entry.index, with: connection) { built.append(entry) }
        }
        // The lock waits for those who read the table, at most for the part that each is reading. They hold the locks
        // of one table at a time and wait for no other, so nobody waits in a circle.
        let attached = SharedList<Int>([])
        try inSessions(built.all) { entry, connection in
            if try attempt(entry.index.attach, entry.index, with: connection) {
                attached.append(entry.number)
            } else {
                _ = try attempt(entry.index.drop, entry.index, with: connection)
            }
        }
        return Set(attached.all)
    }

    /// Bytes of the tables that are large, by their quoted names. Of a partitioned table the partitions are asked: it
    /// has no rows itself, and its index cannot be attached.
    private func largeTables() throws -> [[UInt8]: Int64] {
        let scout = try PostgresSession.writing(archive.place, database: archive.database)
        let rows = try telling("cannot list the tables of \(archive.database)") {
            try scout.query(
                """
                SELECT n.nspname, c.relname, s.bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                CROSS JOIN LATERAL (SELECT pg_relation_size(c.oid) AS bytes) s
                WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND s.bytes >= \(Self.largeBytes)
                    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                """, checking: archive.cancellation.check)
        }
        // By bytes: names that look alike are equal in Swift, and two tables for the server.
        var sizes: [[UInt8]: Int64] = [:]
        for row in 0..<rows.count {
            sizes[Array(PostgresText.identifier(rows[row, 0], rows[row, 1]).utf8)] = rows.number(row, 2)
        }
        return sizes
    }

    private func inSessions(
        _ entries: [Entry], _ body: @escaping @Sendable (Entry, PostgresConnection) throws -> Void
    ) throws {
        let work = SharedList(entries)
        let (place, database, jobs) = (archive.place, archive.database, archive.jobs)
        try ThreadScope.run { scope in
            scope.whenFailing { work.cut() }
            for number in 0..<min(max(1, jobs), entries.count) {
                scope.start("index-\(number)") {
                    let connection = try PostgresSession.writing(place, database: database)
                    try telling("cannot set up a session at \(place.text)") {
                        for (name, value) in PostgresArchive.settings(jobs) {
                            try connection.execute("SET \(name) = \(PostgresText.literal(value))")
                        }
                    }
                    while let entry = work.next() { try body(entry, connection) }
                }
            }
        }
    }

    /// Runs a statement; false when the server refuses it.
    private func attempt(_ sql: String, _ index: PostgresUniqueIndex, with connection: PostgresConnection) throws
        -> Bool
    {
        try archive.cancellation.check()
        do { try connection.execute(sql, checking: archive.cancellation.check) } catch let error as PostgresError {
            guard error.connectionLost else { return false }
            throw error.failure(
                "cannot build the index \(index.name) of \(index.schema).\(index.table) in \(archive.database)")
        }
        return true
    }
}
