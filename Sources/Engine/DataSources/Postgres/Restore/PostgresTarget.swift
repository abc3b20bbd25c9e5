import Platform

/// A database that is about to be made: its name in the server, and what it was where it comes from.
struct PostgresTarget {
    /// Its name in the server.
    let name: String
    private let facts: PostgresFacts
    private let entrance: PostgresConnection
    private let place: PostgresLocation
    private let mark: PostgresMark

    private var quoted: String { PostgresText.identifier(name) }

    /// Takes what the database was; `entrance` is a session in another database.
    init(
        _ facts: PostgresFacts, name: String, entrance: PostgresConnection, place: PostgresLocation, mark: PostgresMark
    ) {
        self.facts = facts
        self.name = name
        self.entrance = entrance
        self.place = place
        self.mark = mark
    }

    /// Refuses when the database is there and holds something of its own, unless it may be overwritten, or is
    /// the unfinished work of the same restore.
    func check(overwrite: Bool) throws {
        guard try exists(), !overwrite else { return }
        if let other = PostgresMark.restored(by: try comment()) {
            if other == mark.restored { return }
            throw Failure(
                .refused, "the database \(name) holds the unfinished restore of \(other)",
                hint: "run that again, name another database, or say --overwrite always to drop it first")
        }
        let inside = try PostgresSession.writing(place, database: name)
        let relations = try telling("cannot look into the database \(name)") {
            try PostgresCatalog.list(
                inside,
                """
                SELECT what FROM (
                    SELECT 1, n.nspname || '.' || c.relname
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                    UNION ALL SELECT 2, 'the large object ' || oid FROM pg_largeobject_metadata
                    UNION ALL SELECT 3, 'the schema ' || nspname FROM pg_namespace n
                        WHERE oid >= 16384 AND nspname !~ '^pg_' AND NOT \(Self.belongs("pg_namespace", "n.oid"))
                    UNION ALL SELECT 4, 'the function ' || oid::regprocedure FROM pg_proc f
                        WHERE oid >= 16384 AND NOT \(Self.belongs("pg_proc", "f.oid"))
                    UNION ALL SELECT 5, 'the type ' || oid::regtype FROM pg_type t
                        WHERE oid >= 16384 AND NOT \(Self.belongs("pg_type", "t.oid"))
                ) found (rank, what) ORDER BY rank, what LIMIT 3
                """)
        }
        if let first = relations.first {
            throw Failure(
                .refused,
                "the database \(name) is not empty: it holds \(first)\(relations.count > 1 ? " and more" : "")",
                hint: "name another database, or say --overwrite always to drop it first")
        }
    }

    /// Whether an object came with an extension: those of a template are in each new database.
    private static func belongs(_ catalogue: String, _ oid: String) -> String {
        "EXISTS (SELECT FROM pg_depend d WHERE d.classid = '\(catalogue)'::regclass AND d.objid = \(oid) "
            + "AND d.deptype = 'e')"
    }

    /// Makes the database, takes the empty one that is there, or starts an unfinished one over; with the mark on it,
    /// unless that is not wanted.
    func make(overwrite: Bool, marking: Bool = true) throws -> [Finding] {
        guard try exists() else { return try create(facts) + (marking ? setMark() : []) }
        let unfinished = PostgresMark.restored(by: try comment())
        guard overwrite || unfinished == mark.restored else {
            let findings = try compareWithExisting()
            guard marking else { return findings }
            if try canBeMadeAgain() { return try findings + setMark() }
            return findings + [
                Finding(
                    .notice, name,
                    "has things in it, or this role may not make it again: if the restore is cut short, empty it by "
                        + "hand before the next one")
            ]
        }
        let former = overwrite ? nil : try formerFacts()
        try drop(byForce: unfinished != nil)
        return try create(former?.facts ?? facts, tablespace: former?.tablespace, isFormer: former != nil)
            + (marking ? setMark() : [])
    }

    /// Gives finished databases their owners, rights, settings and comments, all in one transaction: with it the marks
    /// go, and the restore is over.
    static func settle(_ targets: [PostgresTarget], with entrance: PostgresConnection) throws -> [Finding] {
        var findings: [Finding] = []
        try telling("cannot finish the databases") {
            try entrance.execute("BEGIN; SET LOCAL synchronous_commit = on")
            for target in targets {
                var properties = target.facts.properties(database: target.quoted)
                if target.facts.comment.isEmpty, PostgresMark.restored(by: try target.comment()) != nil {
                    properties.append(("comment", "COMMENT ON DATABASE \(target.quoted) IS NULL"))
                }
                for (what, sql) in properties {
                    try entrance.execute("SAVEPOINT salvor")
                    do throws(PostgresError) { try entrance.execute(sql) } catch {
                        if error.connectionLost { throw error }
                        try entrance.execute("ROLLBACK TO SAVEPOINT salvor")
                        findings.append(Finding(.missing, "\(target.name): \(what)", error.words))
                    }
                    try entrance.execute("RELEASE SAVEPOINT salvor")
                }
            }
            try entrance.execute("COMMIT")
        }
        return findings
    }

    /// Whether the server has a database of this name.
    func exists() throws -> Bool {
        try telling("cannot list the databases at \(place.text)") {
            try entrance.query("SELECT 1 FROM pg_database WHERE datname = \(PostgresText.literal(name))").count > 0
        }
    }

    // MARK: The steps of making it

    private func create(_ facts: PostgresFacts, tablespace: String? = nil, isFormer: Bool = false) throws -> [Finding] {
        let room = tablespace.map { " TABLESPACE " + PostgresText.identifier($0) } ?? ""
        var findings: [Finding] = []
        do throws(PostgresError) {
            try entrance.execute(facts.creation(of: quoted, serverVersion: entrance.serverVersion) + room)
        } catch {
            // 22023 or 42704: this machine does not have the locale.
            guard ["22023", "42704", "42809", "22P02"].contains(error.sqlState) else {
                throw error.failure("cannot make the database \(name)")
            }
            try telling("cannot make the database \(name)") {
                try entrance.execute(
                    "CREATE DATABASE \(quoted) TEMPLATE template0 \(facts.encodingClause) LC_COLLATE 'C' LC_CTYPE 'C'")
            }
            findings.append(
                Finding(
                    .missing, name,
                    "made with the locale C, because \(facts.collate) is not installed here: text sorts differently"))
        }
        guard isFormer else { return findings }
        var former = facts
        former.comment = ""
        for (_, sql) in former.properties(database: quoted) {
            try telling("cannot make the database \(name) as it was") { try entrance.execute(sql) }
        }
        return findings
    }

    private func setMark() throws -> [Finding] {
        do throws(PostgresError) {
            try entrance.execute("COMMENT ON DATABASE \(quoted) IS \(PostgresText.literal(mark.text))")
            return []
        } catch {
            if error.connectionLost { throw error.failure("cannot mark the database \(name)") }
            return [
                Finding(
                    .notice, name,
                    "could not be marked as unfinished (\(error.message)): if this restore is cut short, empty it by "
                        + "hand before the next one")
            ]
        }
    }

    /// Drops it; by force also from under the sessions that a killed restore has left.
    private func drop(byForce: Bool) throws {
        guard entrance.database != name else {
            throw Failure(.refused, "the database \(name) cannot be dropped: it is the server's entrance")
        }
        let hasForce = entrance.serverVersion >= 130_000
        try telling("cannot drop the database \(name)") {
            if byForce, !hasForce {
                try entrance.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        + "WHERE datname = \(PostgresText.literal(name))"
                )
            }
            try entrance.execute("DROP DATABASE \(quoted)\(byForce && hasForce ? " WITH (FORCE)" : "")")
        }
    }

    // MARK: What is there

    private func comment() throws -> String {
        try telling("cannot look at the database \(name)") {
            try entrance.value(
                """
                SELECT shobj_description(oid, 'pg_database') FROM pg_database
                WHERE datname = \(PostgresText.literal(name))
                """)
        }
    }

    /// What an unfinished database was before anything was restored: its properties change only at the very end.
    private func formerFacts() throws -> (facts: PostgresFacts, tablespace: String) {
        let inside = try PostgresSession.writing(place, database: name)
        return try telling("cannot look at the database \(name)") {
            (
                try PostgresFacts(inside),
                try inside.value(
                    """
                    SELECT s.spcname FROM pg_database d JOIN pg_tablespace s ON s.oid = d.dattablespace
                    WHERE d.datname = current_database()
                    """)
            )
        }
    }

    /// Whether nobody has put anything into it, and we may make databases: only then can it be made again as it was.
    private func canBeMadeAgain() throws -> Bool {
        let catalogues = [
            "class", "proc", "type", "namespace", "extension", "operator", "cast", "language", "collation",
            "foreign_data_wrapper", "foreign_server", "event_trigger", "publication", "ts_config", "ts_dict",
            "largeobject_metadata", "default_acl", "conversion", "am",
        ]
        let all = catalogues.map { "SELECT oid FROM pg_\($0)" }.joined(separator: " UNION ALL ")
        let inside = try PostgresSession.writing(place, database: name)
        return try telling("cannot look into the database \(name)") {
            try inside.value(
                """
                SELECT NOT EXISTS (SELECT FROM (\(all)) o WHERE oid >= 16384) AND EXISTS (
                    SELECT FROM pg_namespace n LEFT JOIN pg_init_privs p ON p.objoid = n.oid
                        AND p.classoid = 'pg_namespace'::regclass AND p.objsubid = 0
                    WHERE n.nspname = 'public' AND n.nspacl IS NOT DISTINCT FROM p.initprivs)
                    AND (SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user)
                """) == "t"
        }
    }

    private func compareWithExisting() throws -> [Finding] {
        let there = try formerFacts().facts
        guard there.encoding == facts.encoding, there.collate == facts.collate else {
            return [
                Finding(
                    .notice, name,
                    "was there already, as \(there.encoding) \(there.collate), not \(facts.encoding) \(facts.collate)"
                )
            ]
        }
        return []
    }
}
