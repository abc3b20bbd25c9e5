import ConformanceSuites
import DataSources
import Drills
import Entries
import Platform
import TestDoubles
import Testing

/// Two databases of one server, captured, dropped and restored; the copies that are damaged are copies of those.
final class StagedShop {
    private let server: ThrowawayPostgres
    private let recording: Recording
    private let root: Entry
    private var isAway = false
    private static let names = ["shop", "books"]
    /// The databases that are not what was restored.
    private var damaged = Set(names)

    /// Captures and restores them.
    init() throws {
        server = try ThrowawayPostgres()
        try server.psql(ShopDatabase.definition)
        try server.psql(ShopDatabase.tables + ShopDatabase.oddities, "shop")
        try server.psql("CREATE DATABASE books")
        try server.psql("CREATE TABLE ledger AS SELECT n AS id FROM generate_series(1, 10) n", "books")
        recording = try RecordingSink.record(
            PostgresAdapter(try server.location("shop", more: " databases=shop,books")))
        root = try #require(recording.sink.root?.entry)
        #expect(recording.findings == [])
        for name in Self.names { try server.psql("DROP DATABASE \(name)") }
        let scratch = try TemporaryFolder("shop")
        let outcome = try PostgresRestore(
            recording, into: place, options: .init(workDirectory: scratch.path)
        ).run()
        #expect(outcome.findings == [])
        for name in Self.names { try server.psql("ALTER DATABASE \(name) RENAME TO intact_\(name)") }
    }

    private var place: PostgresLocation {
        get throws { try PostgresLocation("postgres:host=\(server.directory.path) user=postgres") }
    }

    /// The databases, with everything that the checks claim to see.
    var copy: StagedCopy {
        StagedCopy(
            damages: rowDamages + definitionDamages + [diskDamage],
            losses: [
                .init("the server is gone") { [self] _ in
                    server.stop()
                    isAway = true
                },
                .init("a server that never was") {
                    $0.place = .server(try PostgresLocation("postgres:host=/nonexistent user=postgres"), programs: nil)
                },
                .init("a database is gone") { [self] _ in
                    damaged.insert("books")
                    try server.psql("DROP DATABASE books")
                },
            ], bringBack: bringBack)
    }

    private func bringBack() throws -> CheckSubject {
        if isAway { try server.start() }
        isAway = false
        for name in damaged {
            try server.psql(
                "DROP DATABASE IF EXISTS \(name) WITH (FORCE); CREATE DATABASE \(name) TEMPLATE intact_\(name)")
        }
        damaged = []
        return CheckSubject(
            source: "db", tree: recording, root: root,
            place: .server(try place, programs: server.binaries.directory), rowHashKey: Array(0..<16), threads: 2)
    }

    private func change(_ database: String, _ sql: String) throws {
        damaged.insert(database)
        try server.psql(sql, database)
    }

    private var rowDamages: [StagedCopy.Damage] {
        [
            rows("a row deleted", "DELETE FROM orders WHERE id = 17", counted: ["shop: public.orders"]),
            rows(
                "a row too many", "INSERT INTO customers VALUES (9999, 'new', 'ok')",
                counted: ["shop: public.customers"]),
            rows("a table emptied", "TRUNCATE north", counted: ["shop: public.north"]),
            rows("rows in a table that had none", "INSERT INTO nothing VALUES (1)", counted: ["shop: public.nothing"]),
            rows("a table removed", "DROP TABLE north", counted: ["shop: public.north"]),
            rows("a table renamed", "ALTER TABLE south RENAME TO west", counted: ["shop: public.south"]),
            rows(
                "a row of the other database deleted", "DELETE FROM ledger WHERE id = 1", in: "books",
                counted: ["books: public.ledger"]),
            rows("a value changed", "UPDATE orders SET total = total + 0.01 WHERE id = 4711", ["shop: public.orders"]),
            rows("a value taken away", "UPDATE orders SET note = NULL WHERE id = 5000", ["shop: public.orders"]),
            rows(
                "one row lost and another one doubled",
                "DELETE FROM north WHERE id = 1; INSERT INTO north SELECT * FROM north WHERE id = 2",
                ["shop: public.north"]),
            rows(
                "two rows exchanged between two tables",
                """
                WITH n AS (DELETE FROM north WHERE id = 7 RETURNING *),
                    s AS (DELETE FROM south WHERE id = 7 RETURNING *),
                    moved AS (INSERT INTO north SELECT * FROM s) INSERT INTO south SELECT * FROM n
                """, ["shop: public.north", "shop: public.south"]),
            rows("a table with an odd name changed", "UPDATE \"line\nbreak\" SET id = 2", ["shop: public.line"]),
            rows(
                "a large object changed", "SELECT lo_put(oid, 2, 'L') FROM pg_largeobject_metadata",
                ["shop: large objects"]),
        ]
    }

    private var definitionDamages: [StagedCopy.Damage] {
        [
            definitions("an index removed", "DROP INDEX orders_by_total", ["shop: INDEX public.orders_by_total"]),
            definitions(
                "another index under the same name",
                "DROP INDEX orders_by_total; CREATE INDEX orders_by_total ON orders (id)",
                ["orders_by_total"]),
            definitions(
                "an index that is not valid",
                "SET allow_system_table_mods = on; UPDATE pg_index SET indisvalid = false "
                    + "WHERE indexrelid = 'orders_by_total'::regclass", ["orders_by_total"]),
            definitions(
                "a sequence set back", "SELECT setval('customers_id_seq', 1)",
                ["shop: SEQUENCE public.customers_id_seq"]),
            definitions(
                "a constraint removed", "ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey",
                ["orders_customer_fkey"]),
            definitions(
                "a constraint that nobody validated",
                "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID", ["positive"]),
            definitions("another view", "CREATE OR REPLACE VIEW rich AS SELECT * FROM orders", ["rich"]),
            definitions(
                "another function",
                "CREATE OR REPLACE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                ["stamp"]),
            definitions("a trigger removed", "DROP TRIGGER stamp ON south", ["stamp"]),
            definitions("a trigger that sleeps", "ALTER TABLE south DISABLE TRIGGER stamp", ["south"]),
            definitions("a right taken away", "REVOKE SELECT ON orders FROM clerk", ["orders"]),
            definitions("a value of a type too many", "ALTER TYPE mood ADD VALUE 'great'", ["mood"]),
            definitions("a column that may be empty", "ALTER TABLE customers ALTER name DROP NOT NULL", ["customers"]),
            definitions("a table too many", "CREATE TABLE intruder (id integer)", ["intruder"]),
            definitions(
                "a large object removed", "SELECT lo_unlink(oid) FROM pg_largeobject_metadata",
                ["shop: large objects"]),
        ]
    }

    /// An index whose order is another than its entries were put in by: rows are not found in it.
    private var diskDamage: StagedCopy.Damage {
        .init(
            "an index that does not find its rows",
            [PostgresAmcheckCheck.identifier: ["shop: btree index \"shop.public.by_sign\""]]
        ) { [self] _ in
            try change(
                "shop",
                """
                CREATE FUNCTION sign_of(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1';
                CREATE INDEX by_sign ON customers (sign_of(id));
                CREATE OR REPLACE FUNCTION sign_of(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT -$1';
                """)
        }
    }

    /// A damage of rows. `counted` are the tables whose number of rows changes with it.
    private func rows(
        _ words: String, _ sql: String, in database: String = "shop", _ objects: [String] = [], counted: [String] = []
    ) -> StagedCopy.Damage {
        var named = [PostgresChecksumsCheck.identifier: objects + counted]
        if !counted.isEmpty { named[PostgresRowCountsCheck.identifier] = counted }
        return .init(words, named) { [self] _ in try change(database, sql) }
    }

    private func definitions(_ words: String, _ sql: String, _ objects: [String]) -> StagedCopy.Damage {
        .init(words, [PostgresStructureCheck.identifier: objects]) { [self] _ in try change("shop", sql) }
    }
}
