import Platform

/// Gathers the planner's statistics of a whole database, several tables at a time: without them the first queries after
/// a restore are planned blindly.
struct PostgresAnalysis {
    var place: PostgresLocation
    var database: String
    var jobs: Int
    /// The database's own search path: an index may call a function that uses a bare name. Empty when not known.
    var searchPath: String
    var cancellation: any Cancellation

    /// Runs it; a table that cannot be analysed is a notice.
    func run() throws -> [Finding] {
        let scout = try PostgresSession.writing(place, database: database)
        // A partitioned root analyses its partitions too, and would ask another server for those that are foreign.
        let tables = try telling("cannot list the tables of \(database)") {
            try scout.query(
                """
                SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't'
                    AND NOT (c.relkind = 'p' AND \(Self.reachesOut("c.oid")))
                    AND (NOT c.relispartition OR \(Self.reachesOut("pg_partition_root(c.oid)")))
                    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                ORDER BY pg_relation_size(c.oid) DESC
                """)
        }
        let work = SharedList((0..<tables.count).map { PostgresText.identifier(tables[$0, 0], tables[$0, 1]) })
        let findings = SharedList<Finding>([])
        let (place, database, path) = (place, database, PostgresText.literal(searchPath))
        let cancellation = cancellation
        try ThreadScope.run { scope in
            scope.whenFailing { work.cut() }
            for number in 0..<max(1, min(jobs, tables.count)) {
                scope.start("analyse-\(number)") {
                    let connection = try PostgresSession.writing(place, database: database)
                    try telling("cannot set up a session at \(place.text)") {
                        try connection.execute("SELECT pg_catalog.set_config('search_path', \(path), false)")
                    }
                    while let table = work.next() {
                        do { try connection.execute("ANALYZE \(table)", checking: cancellation.check) } catch let error
                            as PostgresError
                        {
                            if error.connectionLost { throw error.failure("cannot analyse \(table)") }
                            findings.append(Finding(.notice, "\(database): \(table)", "not analysed: \(error.words)"))
                        }
                    }
                }
            }
        }
        return findings.all
    }

    private static func reachesOut(_ root: String) -> String {
        """
        EXISTS (SELECT FROM pg_partition_tree(\(root)) t JOIN pg_class f ON f.oid = t.relid WHERE f.relkind = 'f')
        """
    }
}
