import Platform

/// Asks what a query would say if the tables that it reads had been damaged: in a transaction that is rolled back.
///
/// A check that says the same whatever happens to the data is blind. No single damage turns every sound check red — a
/// count of bad rows stays at zero when all rows go — so many are tried, one after the other.
package final class PostgresTrial {
    /// A way to damage tables.
    package struct Damage: Sendable, Equatable {
        /// What is done, in words: `every row deleted`.
        package var words: String
        /// To which tables.
        package var tables: [String]
        /// Whether a failing query shows nothing: what is asked by name is gone then, whatever the query looks at.
        package var takesNames = false
        /// What stands in the way of the damage and may fail to go, such as a constraint that forbids it.
        var before: [String] = []
        var statements: [String]
    }

    private let connection: PostgresConnection
    private let name: String
    private let query: String
    private let role: String?
    private let searchPath: String
    private let cancellation: any Cancellation

    /// More damages than this are not tried.
    private static let damagesMax = 200

    /// Prepares to try a query in a staged database. `role` is the one that asks.
    package init(
        _ query: String, in place: PostgresLocation, database: String, role: String?, cancellation: any Cancellation
    ) throws {
        self.query = PostgresInquiry.single(query)
        self.role = role
        self.cancellation = cancellation
        name = database
        let options = place.options(database: database) + [.init("application_name", "salvor drill")]
        connection = try PostgresConnection(options, named: place.text)
        let asker = try PostgresInquiry(place, database: database, role: role, cancellation: cancellation)
        searchPath = try asker.value("SELECT pg_catalog.current_setting('search_path')").text ?? ""
        try telling("cannot set up a session in \(database)") {
            // A program that was started on what came back may hold a table: it is not waited for for ever.
            try connection.execute(
                """
                SET search_path = pg_catalog; SET TimeZone = 'UTC'; SET client_min_messages = warning;
                SET lock_timeout = '10s'
                """)
        }
    }

    /// The damages that the query must see one of: to the tables that it reads, as far as the server tells; to all that
    /// there is when it reads none.
    package func damages() throws -> [Damage] {
        // What asks the catalogue asks what there is, not what is in it: the server tells no table then.
        guard let tables = try tables(), !tables.isEmpty else { return try everythingDropped() }
        let plain = tables.filter { $0.kind != "m" }
        let views = tables.filter { $0.kind == "m" }.map { "REFRESH MATERIALIZED VIEW \($0.quoted)" }
        var damages = [
            Damage(
                words: "every row deleted", tables: tables.map(\.shown),
                statements: ["TRUNCATE \(plain.map(\.quoted).joined(separator: ", ")) CASCADE"] + views)
        ]
        for table in plain where table.kind == "r" {
            let changes = try PostgresTableChanges(table.quoted, in: connection, database: name)
            damages += changes.all.map { change in
                Damage(
                    words: change.words, tables: [table.shown], before: changes.unchecking,
                    statements: [change.statement] + views)
            }
        }
        return Array(damages.prefix(Self.damagesMax))
    }

    private func everythingDropped() throws -> [Damage] {
        let schemas = try telling("cannot list the schemas of \(name)") {
            try connection.query(
                """
                SELECT quote_ident(nspname) FROM pg_namespace
                    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
                """)
        }
        let statements = (0..<schemas.count).flatMap { row in
            ["DROP SCHEMA \(schemas[row, 0]) CASCADE", "CREATE SCHEMA \(schemas[row, 0])"]
        }
        if statements.isEmpty { return [] }
        return [Damage(words: "everything dropped", tables: [name], takesNames: true, statements: statements)]
    }

    /// What the query answers after `damage`; nil where that damage cannot be done here. What the server says against
    /// the query itself is a `PostgresQuestionProblem`.
    package func value(after damage: Damage) throws -> PostgresAnswer? {
        try inTransaction {
            do {
                // Foreign keys and triggers would undo, or refuse, what is done on purpose.
                try connection.execute("SET LOCAL session_replication_role = replica")
                for statement in damage.before { try attempt(statement) }
                for statement in damage.statements {
                    try connection.execute(statement) { try cancellation.check() }
                }
            } catch let error as PostgresError {
                if error.connectionLost { throw error.failure("cannot damage \(name)") }
                return nil
            }
            do {
                try takeSearchPath()
                if let role { try connection.execute("SET LOCAL ROLE \(PostgresText.identifier(role))") }
                return try PostgresAnswer.ask(query, of: connection) { try cancellation.check() }
            } catch let error as PostgresError {
                if error.connectionLost { throw error.failure("the server of \(name) was lost during a query") }
                throw PostgresQuestionProblem("the query failed in \(name)", error)
            }
        }
    }

    /// Runs a statement that may fail without ending the transaction.
    private func attempt(_ statement: String) throws(PostgresError) {
        try connection.execute("SAVEPOINT salvor_attempt")
        do throws(PostgresError) { try connection.execute(statement) } catch {
            if error.connectionLost { throw error }
            try connection.execute("ROLLBACK TO SAVEPOINT salvor_attempt")
        }
    }

    /// Names in the query mean what they mean to the role that asks.
    private func takeSearchPath() throws(PostgresError) {
        try connection.execute(
            "SELECT pg_catalog.set_config('search_path', \(PostgresText.literal(searchPath)), true)")
    }

    private struct Table {
        var kind: String
        var quoted: String
        var shown: String
    }

    /// What the query reads: the server knows what a view of it would depend on.
    private func tables() throws -> [Table]? {
        try inTransaction {
            do throws(PostgresError) {
                try takeSearchPath()
                try connection.execute("CREATE TEMPORARY VIEW salvor_trial AS SELECT 1 FROM (\(query)) q")
                try connection.execute("SET LOCAL search_path = pg_catalog")
                let rows = try connection.query(Self.dependencies)
                return (0..<rows.count).map { row in
                    Table(kind: rows[row, 0], quoted: rows[row, 1], shown: rows[row, 2])
                }
            } catch {
                if error.connectionLost { throw error.failure("cannot look at a query in \(name)") }
                return nil
            }
        }
    }

    private static let dependencies = """
        WITH RECURSIVE used (oid) AS (
            SELECT 'pg_temp.salvor_trial'::regclass::oid
            UNION
            (WITH u AS (SELECT oid FROM used)
                SELECT d.refobjid FROM u JOIN pg_rewrite r ON r.ev_class = u.oid
                    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                    AND d.refclassid = 'pg_class'::regclass
                UNION ALL
                SELECT i.inhrelid FROM u JOIN pg_inherits i ON i.inhparent = u.oid)
        )
        SELECT c.relkind, format('%I.%I', n.nspname, c.relname), n.nspname || '.' || c.relname
            FROM used JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'm') ORDER BY c.oid
        """

    private func inTransaction<Answer>(_ body: () throws -> Answer) throws -> Answer {
        try telling("cannot begin a transaction in \(name)") { try connection.execute("BEGIN") }
        defer { try? connection.execute("ROLLBACK") }
        return try body()
    }
}
