import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Restoring a PostgreSQL database")
struct PostgresRestoreTests {
    private let key = Array<UInt8>(0..<16)

    @Test("what is verified is read back from the server: a row that is not as it was is told")
    func verifies() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE a (n int); INSERT INTO a VALUES (1); CREATE TABLE b (n int PRIMARY KEY)")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.verificationKey = key
        let outcome = try PostgresRestore(recording, into: server.location("copy"), options: options).run()
        #expect(outcome.findings == [] && outcome.stages.contains { $0.name == "verification" })
        // As if the server had stored another row than the one that it was given.
        let node = try #require(
            recording.sink.node(["postgres", "tables", "public.a", "part-0000.copy"].map { Array($0.utf8) }))
        node.bytes = Array("2\n".utf8)
        let spoiled = try PostgresRestore(recording, into: server.location("other"), options: options).run()
        #expect(spoiled.findings.map(\.object) == ["other: public.a"])
        #expect(
            spoiled.findings.allSatisfy { $0.weight == .missing && $0.sentence.hasPrefix("verification: expected") })
    }

    @Test("what the backup could not save is told by each restore, and by the README of its files")
    func tellsGaps() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE ROLE clerk LOGIN; GRANT pg_read_all_data TO clerk; CREATE TABLE open AS SELECT 1 AS n;
            CREATE TABLE secret AS SELECT generate_series(1, 50) AS n; ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
            """)
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres", user: "clerk")))
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.verificationKey = key
        let outcome = try PostgresRestore(recording, into: server.location("copy"), options: options).run()
        let gaps = outcome.findings.filter { $0.weight == .missing }
        #expect(gaps.contains { $0.object == "copy: public.secret" && $0.sentence.contains("not in the snapshot") })
        let readme = try #require(recording.sink.node(["postgres", "README"].map { Array($0.utf8) })?.bytes)
        #expect(String(decoding: readme, as: UTF8.self).contains("public.secret"))
    }

    @Test("a database with large objects alone is not empty: it is refused")
    func refusesObjects() throws {
        let server = try ThrowawayPostgres()
        try server.psql("SELECT lo_from_bytea(4242, 'mine'); CREATE DATABASE other")
        try server.psql("SELECT lo_from_bytea(4242, 'precious')", "other")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let scratch = try TemporaryFolder("restore")
        let options = PostgresRestore.Options(workDirectory: scratch.path)
        let failure = #expect(throws: Failure.self) {
            _ = try PostgresRestore(recording, into: server.location("other"), options: options).run()
        }
        #expect(
            failure?.kind == .refused && failure?.description.contains("4242") == true, "\(String(describing: failure))"
        )
        #expect(try server.psql("SELECT convert_from(lo_get(4242), 'UTF8')", "other") == "precious")
    }

    @Test("a database that may be overwritten stays when the snapshot cannot be read")
    func keepsWhatIsThere() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE t AS SELECT 1 AS n; CREATE DATABASE live")
        try server.psql("CREATE TABLE alive AS SELECT 2 AS n", "live")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let node = try #require(
            recording.sink.node(["postgres", "tables", "public.t", "part-0000.copy"].map { Array($0.utf8) }))
        node.bytes = nil
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.overwrite = true
        #expect(throws: Failure.self) {
            _ = try PostgresRestore(recording, into: server.location("live"), options: options).run()
        }
        #expect(try server.psql("SELECT n FROM alive", "live") == "2")
    }

    @Test("a database with one of everything comes back: definitions, rows, rights, settings")
    func roundTrip() throws {
        let source = try ThrowawayPostgres()
        try source.psql(TortureDatabase.sql)
        let recording = try RecordingSink.record(PostgresAdapter(try source.location("postgres")))
        #expect(recording.findings == [])

        let target = try ThrowawayPostgres()
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.globals = true
        let restore = try PostgresRestore(recording, into: try target.location("copy"), options: options)
        let outcome = try restore.run()
        #expect(outcome.findings == [])
        #expect(outcome.databases == ["copy"])
        #expect(try target.schema("copy") == source.schema("postgres"))
        for table in ["app.customer", "app.\"Order\"", "measure", "ancestor", "app.per_mood", "app.second", "spread"] {
            let sql = "SELECT t::text FROM \(table) t ORDER BY 1"
            #expect(try target.psql(sql, "copy") == source.psql(sql, "postgres"), "\(table)")
        }
        let objects = "SELECT oid, lomowner::regrole, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1"
        #expect(try target.psql(objects, "copy") == source.psql(objects, "postgres"))
        let settings = "SELECT setconfig FROM pg_db_role_setting ORDER BY 1"
        #expect(try target.psql(settings, "copy") == source.psql(settings, "postgres"))

        let manifest = try PostgresManifest(recording.manifest())
        let comparison = PostgresComparison(
            manifest.databases[0], of: manifest, in: try target.location("copy"), database: "copy", rowHashKey: key)
        #expect(try comparison.rowCounts().differences == [])
        #expect(try comparison.checksums().differences == [])
        let structure = try comparison.structure()
        #expect(structure.differences == [], "\(structure.differences)")
    }

    @Test("a database that holds a relation is refused, and dropped first only when told")
    func refusesFull() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop; CREATE DATABASE other")
        try server.psql("CREATE TABLE t AS SELECT generate_series(1, 5) AS id", "shop")
        try server.psql("CREATE TABLE mine (id integer)", "other")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("shop")))
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        let failure = #expect(throws: Failure.self) {
            try PostgresRestore(recording, into: try server.location("other"), options: options).run()
        }
        #expect(failure?.kind == .refused)
        #expect(failure?.sentence.contains("public.mine") == true)
        #expect(try server.psql("SELECT count(*) FROM mine", "other") == "0", "nothing was touched")
        options.overwrite = true
        let outcome = try PostgresRestore(recording, into: try server.location("other"), options: options).run()
        #expect(outcome.findings == [])
        #expect(try server.psql("SELECT sum(id) FROM t", "other") == "15")
        #expect(outcome.tables.map(\.rows) == [5])
        #expect(try Directory(scratch.bytes).names() == [], "the archive is removed")
    }

    @Test("rows that the server refuses are told by table and line, and the other tables are filled")
    func tellsRefusedRows() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(
            """
            CREATE FUNCTION even(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
            CREATE TABLE bad (id integer CHECK (even(id)));
            INSERT INTO bad SELECT generate_series(2, 4);
            CREATE OR REPLACE FUNCTION even(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 2 = 0';
            CREATE TABLE lookup AS SELECT 7 AS id;
            CREATE FUNCTION known(integer) RETURNS boolean LANGUAGE sql
                AS 'SELECT EXISTS (SELECT FROM lookup WHERE id = $1)';
            CREATE TABLE bare (id integer CHECK (known(id)));
            INSERT INTO bare VALUES (7);
            """, "shop")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("shop")))
        let scratch = try TemporaryFolder("restore")
        let outcome = try PostgresRestore(
            recording, into: try server.location("copy"), options: .init(workDirectory: scratch.path)
        ).run()
        let missing = outcome.findings.filter { $0.weight == .missing }
        #expect(missing.map(\.object) == ["copy: public.bad"])
        #expect(missing.first?.sentence.contains("COPY bad, line 2") == true)
        #expect(try server.psql("SELECT count(*) FROM bad", "copy") == "0")
        #expect(try server.psql("SELECT count(*) FROM lookup", "copy") == "1")
    }

    @Test("without the roles of the source each refused owner is named, and the rows are there, when told to go on")
    func namesMissingRoles() throws {
        let source = try ThrowawayPostgres()
        try source.psql("CREATE ROLE bob; CREATE TABLE t AS SELECT 1 AS one; ALTER TABLE t OWNER TO bob")
        let recording = try RecordingSink.record(PostgresAdapter(try source.location("postgres")))
        let target = try ThrowawayPostgres()
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.ignoresPreflight = true
        let outcome = try PostgresRestore(recording, into: try target.location("copy"), options: options).run()
        #expect(
            outcome.findings.filter { $0.weight == .missing }
                == [Finding(.missing, "copy: ALTER TABLE public.t OWNER", "role \"bob\" does not exist")])
        #expect(outcome.findings.contains { $0.weight == .notice && $0.sentence.hasPrefix("the role bob owns") })
        #expect(try target.psql("SELECT * FROM t", "copy") == "1")
    }

    @Test("subscriptions are left out: nothing reaches out from a restored server")
    func leavesSubscriptionsOut() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(
            """
            CREATE TABLE t (id integer PRIMARY KEY);
            CREATE SUBSCRIPTION feed CONNECTION 'host=/nowhere password=s3cret' PUBLICATION p
                WITH (connect = false, slot_name = 'feed');
            """, "shop")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("shop")))
        let manifest = try PostgresManifest(recording.manifest())
        #expect(manifest.databases[0].coverage.partial.map(\.object) == ["feed"])
        let scratch = try TemporaryFolder("restore")
        let outcome = try PostgresRestore(
            recording, into: try server.location("copy"), options: .init(workDirectory: scratch.path)
        ).run()
        #expect(outcome.findings == [])
        #expect(
            try server.psql(
                "SELECT count(*) FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid WHERE datname = 'copy'")
                == "0")
        let comparison = PostgresComparison(
            manifest.databases[0], of: manifest, in: try server.location("copy"), database: "copy", rowHashKey: key)
        #expect(try comparison.structure().differences == [])
    }

    @Test("several databases come back together, each under its own name")
    func restoresSeveral() throws {
        let source = try ThrowawayPostgres()
        try source.psql("CREATE DATABASE shop; CREATE DATABASE \"Odd name\"")
        try source.psql("CREATE TABLE a AS SELECT 1 AS one", "shop")
        try source.psql("CREATE TABLE b AS SELECT 2 AS two", "Odd name")
        let recording = try RecordingSink.record(
            PostgresAdapter(try source.location("shop", more: " databases='shop,Odd name'")))
        let target = try ThrowawayPostgres()
        let scratch = try TemporaryFolder("restore")
        let place = try PostgresLocation("postgres:host=\(target.directory.path) user=postgres")
        let outcome = try PostgresRestore(recording, into: place, options: .init(workDirectory: scratch.path)).run()
        #expect(outcome.databases == ["shop", "Odd name"])
        #expect(outcome.findings == [])
        #expect(try target.psql("SELECT two FROM b", "Odd name") == "2")
        #expect(throws: Failure.self) {
            try PostgresRestore(
                recording, into: try target.location("one"), options: .init(workDirectory: scratch.path))
        }
    }
}
