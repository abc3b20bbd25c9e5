import DataSources
import Entries
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Capturing a PostgreSQL database")
struct PostgresCaptureTests {
    @Test("an idle database gives the same bytes twice, in the documented layout")
    func isStable() throws {
        let server = try ThrowawayPostgres()
        try server.psql(TortureDatabase.sql)
        let adapter = PostgresAdapter(try server.location("postgres"))
        try adapter.probe()
        let first = try RecordingSink.record(adapter)
        #expect(first.findings == [])
        let files = first.files()
        for name in [
            "globals.sql", "postgres/schema.dump", "postgres/manifest.json", "postgres/sequences.json",
            "postgres/large-objects/part-0000.copy", "postgres/tables/app.customer/part-0000.copy",
            "postgres/tables/Mixed%2eCase%2fSlash.we%2eird%2fna%7eme%25/part-0000.copy",
            "postgres/tables/public.empty/part-0000.copy",
        ] { #expect(files[name] != nil, "\(name)") }
        #expect(files.keys.allSatisfy { !$0.contains("measure/") }, "a partitioned root has no rows")
        #expect(files["postgres/tables/public.ancestor/part-0000.copy"] == Array("1\ta\n2\ta\n".utf8))
        try server.psql("VACUUM; SELECT pg_sleep(1.1)")
        let second = try RecordingSink.record(adapter, readers: 1, bufferBytes: 777)
        #expect(second.files() == files)
        #expect(second.outcome.dataTime > first.outcome.dataTime)
    }

    @Test("a table that a role may not read is named, and the rest is saved")
    func namesUnreadable() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE ROLE limited LOGIN;
            CREATE TABLE open (id integer PRIMARY KEY);
            CREATE TABLE "closed ""one" (id integer REFERENCES open);
            CREATE TABLE filtered (id integer);
            CREATE SCHEMA hidden;
            CREATE TABLE hidden.inside (id integer);
            INSERT INTO open SELECT generate_series(1, 10);
            INSERT INTO filtered VALUES (1), (2);
            ALTER TABLE filtered ENABLE ROW LEVEL SECURITY;
            CREATE POLICY odd ON filtered USING (id % 2 = 1);
            GRANT SELECT ON open, filtered, hidden.inside TO limited;
            SELECT lo_from_bytea(7, 'seven');
            CREATE SEQUENCE closed_sequence;
            """)
        let recording = try RecordingSink.record(
            PostgresAdapter(try server.location("postgres", user: "limited")))
        let missing = recording.findings.filter { $0.weight == .missing }
        #expect(
            Set(missing.map(\.object)) == [
                "postgres: public.closed \"one", "postgres: public.filtered", "postgres: hidden.inside",
                "postgres: large objects", "postgres: public.closed_sequence",
            ])
        #expect(recording.findings.contains { $0.weight == .notice && $0.object == "roles" })
        let files = recording.files()
        #expect(files["postgres/tables/public.open/part-0000.copy"]?.count == 21)
        #expect(files["postgres/tables/public.filtered/part-0000.copy"] == nil)
        #expect(files["postgres/schema.dump"] != nil)
        let manifest = try PostgresManifest(recording.manifest())
        #expect(manifest.databases[0].tables.map(\.shown) == ["public.open"])
        #expect(Set(manifest.databases[0].coverage.missing.map(\.object)).count == 5)
        #expect(manifest.databases[0].objectCounts.contains { $0 == ("TABLE", 2) })
    }

    @Test("a table that is being truncated is captured after the truncation, never empty by mistake")
    func outwaitsTruncate() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE t AS SELECT generate_series(1, 100) AS id")
        let writer = try server.session("postgres")
        try writer.say("BEGIN; TRUNCATE t; INSERT INTO t VALUES (1), (2), (3); SELECT 'ready';")
        _ = try writer.hear()
        let recordings = Results<Recording>()
        let place = try server.location("postgres")
        try ThreadScope.run { scope in
            scope.start("capture") { recordings.add(try RecordingSink.record(PostgresAdapter(place))) }
            try server.wait("SELECT count(*) FROM pg_locks WHERE NOT granted", until: "1")
            try writer.say("COMMIT; SELECT 'done';")
            _ = try writer.hear()
        }
        writer.closeInput()
        try writer.wait()
        #expect(recordings.all.first?.bytes("postgres/tables/public.t/part-0000.copy") == Array("1\n2\n3\n".utf8))
    }

    @Test("a table that somebody waits to change is read by the session that holds its lock")
    func fallsBackToHolder() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id; CREATE TABLE u AS SELECT 1 AS one")
        let writer = try server.session("postgres")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres"))) { sink, path in
            guard path == "postgres/tables" else { return }
            // pg_dump has its locks and is done: what is tested is the copying.
            try sink.settle()
            try writer.say("ALTER TABLE t ADD COLUMN more integer;")
            try server.wait("SELECT count(*) FROM pg_locks WHERE NOT granted", until: "1")
        }
        writer.closeInput()
        try writer.wait()
        #expect(recording.findings == [])
        #expect(recording.bytes("postgres/tables/public.t/part-0000.copy")?.count == 3893)
        #expect(recording.bytes("postgres/tables/public.u/part-0000.copy") == Array("1\n".utf8))
        #expect(try server.psql("SELECT count(more) FROM t") == "0", "the change went through afterwards")
    }

    @Test("a big table is read in parts of fixed blocks, which together are the table, and comes back from them")
    func splitsBigTables() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE TABLE wide (id integer, filler text) WITH (fillfactor = 10);
            ALTER TABLE wide ALTER filler SET STORAGE PLAIN;
            INSERT INTO wide SELECT i, repeat('x', 900) FROM generate_series(1, 4500) i;
            """)
        #expect(try server.psql("SELECT pg_relation_size('wide') / 8192 > 4096") == "t", "the table is big enough")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let parts = (0...1).compactMap { recording.bytes("postgres/tables/public.wide/part-000\($0).copy") }
        #expect(parts.count == 2 && parts.allSatisfy { !$0.isEmpty })
        #expect(recording.bytes("postgres/tables/public.wide/part-0002.copy") == nil)
        let lines = Set(
            parts.flatMap { $0.split(separator: UInt8(ascii: "\n")) }.map { Int(ascii: $0.prefix { $0 != 9 }) })
        #expect(lines == Set(1...4500))
        let manifest = try PostgresManifest(recording.manifest())
        #expect(manifest.databases[0].tables.map(\.rows) == [4500])
        #expect(manifest.databases[0].tables.map(\.parts) == [2])

        let scratch = try TemporaryFolder("restore")
        let copy = try server.location("copy")
        let outcome = try PostgresRestore(recording, into: copy, options: .init(workDirectory: scratch.path)).run()
        #expect(outcome.tables.map(\.rows) == [4500])
        let comparison = PostgresComparison(
            manifest.databases[0], of: manifest, in: copy, database: "copy", rowHashKey: Array(0..<16))
        #expect(try comparison.checksums().differences == [])
        try server.psql("DELETE FROM wide WHERE id = 4499", "copy")
        #expect(try comparison.checksums().differences.map(\.object) == ["public.wide"])
    }

    @Test("several databases of a server come into one snapshot")
    func takesSeveral() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop; CREATE DATABASE \"odd/name\"")
        try server.psql("CREATE TABLE a AS SELECT 1 AS one", "shop")
        try server.psql("CREATE TABLE b AS SELECT 2 AS two", "odd/name")
        let all = try RecordingSink.record(PostgresAdapter(try server.location("shop", more: " databases=*")))
        #expect(
            try all.children(of: []).map { printable($0.name) } == [
                "globals.sql", "odd%2fname", "postgres", "roles.sql", "shop",
            ])
        let two = try RecordingSink.record(
            PostgresAdapter(try server.location("shop", more: " databases=shop,odd/name")))
        #expect(two.bytes("odd%2fname/tables/public.b/part-0000.copy") == Array("2\n".utf8))
        #expect(try PostgresManifest(two.manifest()).databases.map(\.name) == ["shop", "odd/name"])
    }

    @Test("a server that is not there is unreachable, in libpq's words")
    func saysUnreachable() throws {
        let adapter = PostgresAdapter(try PostgresLocation("postgres:host=/nonexistent dbname=shop connect_timeout=2"))
        let failure = #expect(throws: Failure.self) { try adapter.probe() }
        #expect(failure?.kind == .unreachable)
        #expect(failure?.cause?.contains("/nonexistent/.s.PGSQL.5432") == true)
    }

    @Test("a server that dies during the capture ends it as unreachable")
    func noticesDeath() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id")
        let failure = #expect(throws: Failure.self) {
            _ = try RecordingSink.record(PostgresAdapter(try server.location("postgres"))) { sink, path in
                guard path == "postgres/tables" else { return }
                try sink.settle()
                server.stop()
            }
        }
        #expect(failure?.kind == .unreachable)
    }

    @Test("a database in Latin-1 is saved byte by byte")
    func keepsEncoding() throws {
        let server = try ThrowawayPostgres(encoding: "LATIN1", locale: "C")
        try server.psql(
            "SET client_encoding = 'UTF8'; CREATE TABLE \"Größe\" (t text); INSERT INTO \"Größe\" VALUES ('ÄÖ')")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        #expect(recording.findings == [])
        #expect(recording.bytes("postgres/tables/public.Größe/part-0000.copy") == [0xc4, 0xd6, 0x0a])
    }
}

extension Int {
    fileprivate init(ascii digits: some Sequence<UInt8>) { self = digits.reduce(0) { $0 * 10 + Int($1 - 48) } }
}
