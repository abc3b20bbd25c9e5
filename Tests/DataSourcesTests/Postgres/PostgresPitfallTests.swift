import DataSources
import Formats
import Platform
import TestDoubles
import Testing

/// What a backup of a database gets wrong when it is written naively, each with the test that holds it.
///
/// | pitfall | test |
/// |---|---|
/// | row-level security hides rows | `PostgresCaptureTests.namesUnreadable`, `RolesTests.ownsHalf` (FORCE) |
/// | `pg_read_all_data` is not enough | `RolesTests.readsAllData` |
/// | … and it reads secrets | `RolesTests`: none is shown; `BadInputTests` |
/// | functions called by a bare name | `TortureTests` (`bare_check`, `bare_generated`, `bare_view`, …) |
/// | generated and identity columns | `TortureTests`, `PostgresRestoreTests` |
/// | dropped columns, odd names, 63 bytes, line breaks | `TortureTests` |
/// | subscriptions that reach out, and their slots | `TortureTests.intoServer`, `PostgresRestoreTests` |
/// | event triggers fire during a restore | `TortureTests` (`forbid`, `forbid_always`) |
/// | a session's formats change the bytes | here: `sameBytes` |
/// | synchronised scans begin anywhere | here: `beginsAtTheFirstRow` |
/// | collations of another C library | none: it spoils indexes that are copied; ours are built anew |
/// | bytes that are no text of the encoding | here: `keepsBytes`; `TortureTests.otherEncoding` |
/// | foreign keys that are broken already | here: `namesBrokenKeys` |
/// | foreign keys in a circle | `TortureTests` (`cycle`) |
/// | extensions, their versions and tables | `TortureTests` (`hstore` 1.7, `torture_lists`) |
/// | what is there is dropped before the archive is read | `PostgresRestoreTests` |
/// | psql goes on after errors | `TortureTests.fromFiles` |
/// | `public` exists already | `PostgresRoundTripTests` |
/// | hashes of enums differ between servers | `TortureTests` (`by_mood`) |
/// | unlogged tables | `TortureTests` (`scratch`), `PostgresStandbyTests` |
/// | temporary tables, prepared transactions, slots | here: `leavesOut` |
/// | what `ALTER ROLE … SET` does to our sessions | here: `sameBytes` |
/// | a row of more than 1 GB as text | none: too big for a test; the server refuses, and the table is named |
/// | catalogue queries for each table | none: a matter of time, and of none of the results |
/// | comments, statistics, rights, default rights | `TortureTests` |
/// | money, XML, composites, domains | `TortureTests` (`app.values`); virtual columns came with 18 |
/// | TRUNCATE, ALTER, DROP, CREATE at the beginning | `PostgresRaceTests` |
/// | a standby | `PostgresStandbyTests` |
@Suite("What goes wrong in naive backups of PostgreSQL")
struct PostgresPitfallTests {
    /// Everything that a role can be given and that a careless session would be bent by.
    private static let odd = [
        "TimeZone": "'Asia/Kathmandu'", "DateStyle": "'German, DMY'", "IntervalStyle": "'sql_standard'",
        "extra_float_digits": "-5", "bytea_output": "'escape'", "xmloption": "'document'", "xmlbinary": "'hex'",
        "search_path": "'trap', 'pg_catalog'", "row_security": "off", "statement_timeout": "'20ms'",
        "lock_timeout": "'1ms'", "idle_in_transaction_session_timeout": "'100ms'", "idle_session_timeout": "'100ms'",
        "default_transaction_read_only": "on", "default_transaction_isolation": "'serializable'",
        "default_transaction_deferrable": "on", "client_encoding": "'LATIN1'", "synchronize_seqscans": "on",
        "quote_all_identifiers": "on", "standard_conforming_strings": "off",
        "client_min_messages": "'debug1'", "array_nulls": "off", "role": "'reader'",
    ]

    @Test("whatever a role's settings are, and whoever it turns into, the same database gives the same bytes")
    func sameBytes() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE ROLE reader; GRANT pg_read_all_data TO reader;
            CREATE ROLE plain LOGIN; GRANT pg_read_all_data TO plain;
            CREATE ROLE odd LOGIN IN ROLE reader NOINHERIT;
            CREATE SCHEMA trap;
            CREATE FUNCTION trap.count(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1/0';
            CREATE TABLE kept (id serial PRIMARY KEY, at timestamptz, day date, gap interval, f double precision,
                b bytea, price money, x xml, word text, words text[], class regclass);
            INSERT INTO kept (at, day, gap, f, b, price, x, word, words, class) SELECT
                '2026-03-29 02:30:00+02', '2026-02-01', '1 day -2 hours', 0.1 + i * 0.2, '\\x5c00ff', i, '<a>ü</a>',
                E'naïve \\\\ ''é''', ARRAY['NULL', NULL], 'kept' FROM generate_series(1, 1000) i;
            SELECT lo_from_bytea(7, '\\x5c00ff');
            COMMENT ON TABLE kept IS 'naïve';
            """)
        // Both see one and the same cluster: only who looks at it differs.
        for (name, value) in Self.odd { try server.psql("ALTER ROLE odd SET \(name) = \(value)") }
        func files(_ user: String) throws -> [String: [UInt8]] {
            let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres", user: user)))
            #expect(recording.findings.filter { $0.weight == .missing } == [], "\(user)")
            return recording.files()
        }
        let (plain, odd) = (try files("plain"), try files("odd"))
        #expect(plain.keys.sorted() == odd.keys.sorted())
        for (name, bytes) in plain where odd[name] != bytes {
            let text = String(decoding: odd[name] ?? [], as: UTF8.self).split(separator: "\n")
            let difference = text.difference(from: String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
            Issue.record("\(name): \(difference)")
        }
        #expect(plain["postgres/tables/public.kept/part-0000.copy"]?.isEmpty == false)
    }

    @Test("rows come from the first on, also while somebody else is half-way through the same table")
    func beginsAtTheFirstRow() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE big AS SELECT i, repeat('x', 500) AS x FROM generate_series(1, 40000) i")
        #expect(try server.psql("SELECT pg_relation_size('big') > 8 << 20") == "t", "scans of it are synchronised")
        let other = try server.session("postgres")
        try other.say("BEGIN; DECLARE c CURSOR FOR SELECT i FROM big; MOVE 20000 FROM c; FETCH 1 FROM c;")
        #expect(try other.hear() == "20001\n")
        // Another session with the server's own settings would begin where that one is.
        #expect(try server.psql("SELECT i FROM big LIMIT 1") != "1")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let lines = recording.bytes("postgres/tables/public.big/part-0000.copy")?.split(separator: 10) ?? []
        #expect(lines.count == 40_000)
        #expect(lines.first?.prefix { $0 != 9 } == Array("1".utf8)[...])
        other.closeInput()
        try other.wait()
    }

    @Test("bytes that are text in no encoding are kept and come back")
    func keepsBytes() throws {
        let server = try ThrowawayPostgres(encoding: "SQL_ASCII", locale: "C")
        try server.psql(#"CREATE TABLE raw AS SELECT E'\xff\xfe caf\xe9'::text AS t, E'\xff'::text AS u"#)
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        #expect(recording.findings == [])
        let bytes: [UInt8] = [0xff, 0xfe] + Array(" caf".utf8) + [0xe9, 9, 0xff, 10]
        #expect(recording.bytes("postgres/tables/public.raw/part-0000.copy") == bytes)
        let scratch = try TemporaryFolder("restore")
        let copy = try server.location("copy")
        _ = try PostgresRestore(recording, into: copy, options: .init(workDirectory: scratch.path)).run()
        #expect(try server.psql("SELECT encode(t::bytea, 'hex') FROM raw", "copy") == "fffe20636166e9")
    }

    @Test("a foreign key that the source itself breaks is named by the restore, and all rows are there")
    func namesBrokenKeys() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE TABLE parent (id integer PRIMARY KEY);
            CREATE TABLE child (id integer CONSTRAINT broken_key REFERENCES parent);
            SET session_replication_role = replica;
            INSERT INTO child VALUES (1), (2);
            """)
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let scratch = try TemporaryFolder("restore")
        let copy = try server.location("copy")
        let outcome = try PostgresRestore(recording, into: copy, options: .init(workDirectory: scratch.path)).run()
        #expect(outcome.findings.contains { "\($0.object) \($0.sentence)".contains("broken_key") })
        #expect(try server.psql("SELECT count(*) FROM child", "copy") == "2")
    }

    @Test("what belongs to a session or to this server alone is left out, and nothing is missing for that")
    func leavesOut() throws {
        let server = try ThrowawayPostgres(settings: ["max_prepared_transactions=2", "wal_level=logical"])
        try server.psql(
            """
            CREATE TABLE kept AS SELECT 1 AS one;
            SELECT pg_create_logical_replication_slot('production', 'pgoutput');
            BEGIN; INSERT INTO kept VALUES (2); PREPARE TRANSACTION 'half done';
            """)
        let other = try server.session("postgres")
        try other.say(
            "CREATE TEMPORARY TABLE passing AS SELECT 1; CREATE TEMPORARY SEQUENCE going; "
                + "SELECT pg_advisory_lock(1) IS NULL;")
        _ = try other.hear()
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        other.closeInput()
        try other.wait()
        #expect(recording.findings == [])
        #expect(recording.bytes("postgres/tables/public.kept/part-0000.copy") == Array("1\n".utf8))
        let database = try PostgresManifest(recording.manifest()).databases[0]
        #expect(database.tables.map(\.shown) == ["public.kept"])
        #expect(database.coverage.never.map(\.object) == ["production", "statistics", "server configuration"])
        try server.psql("ROLLBACK PREPARED 'half done'")
    }
}
