import Platform

/// Builds the indexes of large primary keys and unique constraints, for a restore that reads rows back meanwhile.
///
/// `pg_restore` would build them by ADD CONSTRAINT, under a lock that keeps readers out until the index is there.
/// CREATE UNIQUE INDEX lets them read, and making the index the constraint's is done in a moment.
struct PostgresIndexBuilder {
    let archive: PostgresArchive
    /// How many rows each table has, by its quoted name.
    let rows: [[UInt8]: UInt64]
    let sharing: PostgresJobs

    private struct Entry: Sendable {
        var number: Int
        var index: PostgresUniqueIndex
        /// Bytes of its table.
        var bytes: Int64
        var rows: UInt64
        /// Whether it is sorted by a number first.
        var isByNumber: Bool
    }

    private struct LargeTable {
        var bytes: Int64
        /// The columns that hold plain numbers, times among them, as SQL takes them.
        var numbers: Set<[UInt8]> = []
    }

    /// The index of a smaller table is built in a few milliseconds, for which no reader needs to be let in.
    private static let largeBytes = 1 << 20
    /// Behind so many the leader that merges what they sorted is what is waited for.
    private static let mostWorkers = 4

    /// Builds what can be built, and answers the numbers of the entries that are done. What the server refuses is
    /// undone, and left to `pg_restore`: its complaint is the one that is told.
    func build(_ list: PostgresArchiveList) throws -> Set<Int> {
        let items = list.items.filter(\.isConstraint)
        guard !items.isEmpty else { return [] }
        let tables = try largeTables()
        guard !tables.isEmpty else { return [] }
        let large = try archive.uniqueIndexes(items).compactMap { number, index -> Entry? in
            let name = Array(index.quotedTable.utf8)
            guard let table = tables[name] else { return nil }
            return Entry(
                number: number, index: index, bytes: table.bytes, rows: rows[name] ?? 0,
                isByNumber: index.columns.first.map { table.numbers.contains(Array($0.utf8)) } ?? false)
        }.sorted { ($0.bytes, $1.number) > ($1.bytes, $0.number) }
        let workers = Self.workers(jobs: archive.jobs, builders: large.count)
        let memory = PostgresSortMemory(jobs: archive.jobs, builders: large.count, workers: workers)
        // A table may have several: to attach one waits for the building of the others, and readers wait behind that.
        // So none is attached before all are built.
        let built = SharedList<Entry>([])
        try inSessions(large) { entry, connection in
            let kilobytes = memory.kilobytes(rows: entry.rows, isByNumber: entry.isByNumber)
            try prepare(connection, workers: workers, kilobytes: kilobytes)
            try sharing.build(processes: 1 + workers) {
                if try attempt(entry.index.create, entry.index, with: connection) { built.append(entry) }
            }
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

    /// The tables that are large, by their quoted names. Of a partitioned table the partitions are asked: it
    /// has no rows itself, and its index cannot be attached.
    private func largeTables() throws -> [[UInt8]: LargeTable] {
        let scout = try PostgresSession.writing(archive.place, database: archive.database)
        let rows = try telling("cannot list the tables of \(archive.database)") {
            try scout.query(
                """
                SELECT n.nspname, c.relname, s.bytes, coalesce(a.attname, '')
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                CROSS JOIN LATERAL (SELECT pg_relation_size(c.oid) AS bytes) s
                LEFT JOIN (pg_attribute a JOIN pg_type t ON t.oid = a.atttypid AND t.typbyval AND t.typlen > 1)
                    ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND s.bytes >= \(Self.largeBytes)
                    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                """, checking: archive.cancellation.check)
        }
        // By bytes: names that look alike are equal in Swift, and two tables for the server.
        var tables: [[UInt8]: LargeTable] = [:]
        for row in 0..<rows.count {
            let name = Array(PostgresText.identifier(rows[row, 0], rows[row, 1]).utf8)
            tables[name, default: LargeTable(bytes: rows.number(row, 2))]
                .numbers.insert(Array(PostgresText.identifier(rows[row, 3]).utf8))
        }
        return tables
    }

    /// How many workers help each of the builders: what a reader and the other builders leave of the sessions. A worker
    /// costs more than it brings where no core is free for it.
    static func workers(jobs: Int, builders: Int) -> Int {
        guard builders > 0, jobs > builders else { return 0 }
        return min(mostWorkers, (jobs - 1) / builders - 1)
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
                    while let entry = work.next() { try body(entry, connection) }
                }
            }
        }
    }

    /// Sets a session up for the next index. The server gives no less memory than it is set up to.
    private func prepare(_ connection: PostgresConnection, workers: Int, kilobytes: Int) throws {
        try telling("cannot set up a session at \(archive.place.text)") {
            try connection.execute(
                """
                SET max_parallel_maintenance_workers = \(workers);
                SELECT pg_catalog.set_config(name, greatest(reset_val::bigint, \(kilobytes))::text, false)
                FROM pg_catalog.pg_settings WHERE name = 'maintenance_work_mem'
                """)
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
