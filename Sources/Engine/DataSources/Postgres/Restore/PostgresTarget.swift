import Platform

/// A database that is about to be made: its name in the server, and what it was where it comes from.
struct PostgresTarget {
    private let facts: PostgresFacts
    private let name: String
    private let entrance: PostgresConnection
    private let place: PostgresLocation

    private var quoted: String { PostgresText.identifier(name) }

    /// Takes what the database was; `entrance` is a session in another database.
    init(_ facts: PostgresFacts, name: String, entrance: PostgresConnection, place: PostgresLocation) {
        self.facts = facts
        self.name = name
        self.entrance = entrance
        self.place = place
    }

    /// Refuses when the database is there and holds a relation, unless it may be overwritten.
    func check(overwrite: Bool) throws {
        guard try exists(), !overwrite else { return }
        let inside = try PostgresSession.writing(place, database: name)
        let relations = try telling("cannot look into the database \(name)") {
            try PostgresCatalog.list(
                inside,
                """
                SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1 LIMIT 3
                """)
        }
        if let first = relations.first {
            throw Failure(
                .refused,
                "the database \(name) is not empty: it holds \(first)\(relations.count > 1 ? " and more" : "")",
                hint: "name another database, or say --overwrite always to drop it first")
        }
    }

    /// Makes the database, or takes the empty one that is there.
    func make(overwrite: Bool) throws -> [Finding] {
        if try exists() {
            guard overwrite else { return try compareWithExisting() }
            guard entrance.database != name else {
                throw Failure(.refused, "the database \(name) cannot be dropped: it is the server's entrance")
            }
            try telling("cannot drop the database \(name)") { try entrance.execute("DROP DATABASE \(quoted)") }
        }
        do throws(PostgresError) {
            try entrance.execute(facts.creation(of: quoted, serverVersion: entrance.serverVersion))
            return []
        } catch {
            // 22023 or 42704: this machine does not have the locale.
            guard ["22023", "42704", "42809", "22P02"].contains(error.sqlState) else {
                throw error.failure("cannot make the database \(name)")
            }
            try telling("cannot make the database \(name)") {
                try entrance.execute(
                    "CREATE DATABASE \(quoted) TEMPLATE template0 \(facts.encodingClause) LC_COLLATE 'C' LC_CTYPE 'C'")
            }
            return [
                Finding(
                    .missing, name,
                    "made with the locale C, because \(facts.collate) is not installed here: text sorts differently"
                )
            ]
        }
    }

    /// Gives the finished database its owner, rights, settings and comment.
    func settle() throws -> [Finding] {
        var findings: [Finding] = []
        func attempt(_ what: String, _ sql: String) {
            do { try entrance.execute(sql) } catch {
                findings.append(Finding(.missing, "\(name): \(what)", error.words))
            }
        }
        for (what, sql) in facts.properties(database: quoted) { attempt(what, sql) }
        return findings
    }

    /// Whether the server has a database of this name.
    func exists() throws -> Bool {
        try telling("cannot list the databases at \(place.text)") {
            try entrance.query("SELECT 1 FROM pg_database WHERE datname = \(PostgresText.literal(name))").count > 0
        }
    }

    private func compareWithExisting() throws -> [Finding] {
        let inside = try PostgresSession.writing(place, database: name)
        let there = try telling("cannot look into the database \(name)") { try PostgresFacts(inside) }
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
