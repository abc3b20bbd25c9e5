import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Looking at a server before a restore")
struct PostgresPreflightTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder("preflight") }

    private func restore(
        _ recording: Recording, into place: PostgresLocation,
        _ change: (inout PostgresRestore.Options) -> Void = { _ in }
    ) throws -> PostgresRestore {
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        change(&options)
        return try PostgresRestore(recording, into: place, options: options)
    }

    /// The refusal, which must come before a database is made and be the same from the preflight alone.
    private func refusal(
        _ restore: PostgresRestore, _ server: ThrowawayPostgres, made name: String = "copy"
    ) throws -> Failure {
        let failure = try #require(throws: Failure.self) { try restore.run() }
        let alone = try #require(throws: Failure.self) { try restore.preflight() }
        #expect(failure == alone && failure.kind == .refused)
        #expect(try server.psql("SELECT count(*) FROM pg_database WHERE datname = '\(name)'") == "0", "nothing is made")
        #expect(try Directory(scratch.bytes).names() == [], "the archive is removed")
        return failure
    }

    /// A recording whose manifest says something else of its only database.
    private func recording(
        _ source: PostgresLocation, _ change: (inout [String: JSONValue]) -> Void
    ) throws -> Recording {
        let recorded = try RecordingSink.record(PostgresAdapter(source))
        var top = Self.members(recorded.outcome.manifest)
        var database = Self.members(top["databases"]?.elements?.first ?? .null)
        change(&database)
        top["databases"] = [Self.object(database)]
        var outcome = recorded.outcome
        outcome.manifest = Self.object(top)
        return Recording(sink: recorded.sink, outcome: outcome)
    }

    private static func members(_ value: JSONValue) -> [String: JSONValue] {
        Dictionary((value.members ?? []).map { ($0.key, $0.value) }) { $1 }
    }

    private static func object(_ members: [String: JSONValue]) -> JSONValue {
        .object(members.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
    }

    @Test("a missing role is named with what names it, whatever names it; --globals brings it")
    func roles() throws {
        let source = try ThrowawayPostgres()
        try source.psql(
            """
            CREATE ROLE owner; CREATE ROLE "a reader"; CREATE ROLE pol; CREATE ROLE "Map"; CREATE ROLE def;
            CREATE ROLE db; CREATE ROLE setting; CREATE ROLE bystander;
            CREATE DATABASE shop; GRANT CONNECT ON DATABASE shop TO db;
            ALTER ROLE setting IN DATABASE shop SET work_mem = '8MB'
            """)
        try source.psql(
            """
            CREATE TABLE t (n int); ALTER TABLE t OWNER TO owner; GRANT SELECT (n) ON t TO "a reader", PUBLIC;
            CREATE POLICY "for TO all" ON t FOR SELECT TO pol USING (true);
            CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw;
            CREATE USER MAPPING FOR "Map" SERVER s;
            ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO def;
            CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$
            SELECT '
            GRANT SELECT ON t TO nobody_at_all;
            ' $$;
            """, "shop")
        let recording = try RecordingSink.record(PostgresAdapter(try source.location("shop")))
        let target = try ThrowawayPostgres()
        let failure = try refusal(restore(recording, into: target.location("copy")), target)
        for role in ["owner", "a reader", "pol", "Map", "def", "db", "setting"] {
            #expect(failure.cause?.contains("role \(role) owns") == true, "\(role): \(failure)")
        }
        #expect(failure.cause?.contains("nobody_at_all") == false && failure.cause?.contains("bystander") == false)
        #expect(failure.hint?.contains("--globals") == true)
        let outcome = try restore(recording, into: target.location("copy")) { $0.globals = true }.run()
        #expect(outcome.findings == [])
        #expect(try target.schema("copy") == source.schema("shop"))
    }

    @Test("an extension that the server cannot make is named; another version of one is told")
    func extensions() throws {
        let source = try ThrowawayPostgres()
        try source.psql("CREATE DATABASE shop")
        try source.psql("CREATE EXTENSION hstore; CREATE TABLE t AS SELECT 1 AS n", "shop")
        let recording = try recording(source.location("shop")) { database in
            var facts = Self.members(database["facts"] ?? .null)
            facts["extensions"] = [
                ["name": "hstore", "version": "0.9", "schema": "public"],
                ["name": "postgis", "version": "3.3", "schema": "public"],
                ["name": "plpgsql", "version": "1.0", "schema": "pg_catalog"],
            ]
            database["facts"] = Self.object(facts)
        }
        let target = try ThrowawayPostgres()
        let failure = try refusal(restore(recording, into: target.location("copy")), target)
        #expect(failure.sentence == "copy: extension postgis: 3.3 in the source, not available in this server")
        let outcome = try restore(recording, into: target.location("copy")) {
            $0.ignoresPreflight = true
            $0.verificationKey = Array(0..<16)
        }.run()
        #expect(
            outcome.findings.map(\.object) == [
                "copy: extension postgis", "copy: extension hstore", "copy: extension hstore",
            ], "\(outcome.findings)")
        #expect(outcome.findings.allSatisfy { $0.weight == .notice })
        #expect(outcome.findings.last?.sentence.hasPrefix("verification: expected version 0.9, found") == true)
        #expect(outcome.findings[1].sentence.hasPrefix("0.9 in the source, 1."))
        #expect(try target.psql("SELECT n FROM t", "copy") == "1")
    }

    @Test("who may not make databases, or an extension for superusers, is told so first")
    func rights() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop; CREATE ROLE clerk LOGIN; CREATE ROLE maker LOGIN CREATEDB")
        try server.psql("CREATE EXTENSION file_fdw; CREATE TABLE t AS SELECT 1 AS n", "shop")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("shop")))
        let clerk = try refusal(restore(recording, into: server.location("copy", user: "clerk")), server)
        #expect(clerk.cause?.contains("the role clerk may not make databases") == true, "\(clerk)")
        let maker = try refusal(restore(recording, into: server.location("copy", user: "maker")), server)
        #expect(maker.sentence.hasPrefix("copy: extension file_fdw: only a superuser may make it"), "\(maker)")
    }

    @Test("a locale or an encoding that the server does not have is named; its own way goes on with C")
    func locales() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql("CREATE TABLE t AS SELECT 1 AS n", "shop")
        func recorded(_ key: String, _ value: String) throws -> Recording {
            try recording(server.location("shop")) { database in
                var facts = Self.members(database["facts"] ?? .null)
                facts[key] = .string(value)
                database["facts"] = Self.object(facts)
            }
        }
        let locale = try recorded("collate", "xx_XX.UTF-8")
        let failure = try refusal(restore(locale, into: server.location("copy")), server)
        #expect(failure.sentence.contains("the locale xx_XX.UTF-8 is not installed"), "\(failure)")
        let encoding = try refusal(
            restore(try recorded("encoding", "KLINGON"), into: server.location("copy")), server)
        #expect(encoding.sentence.contains("the encoding KLINGON"), "\(encoding)")
        let outcome = try restore(locale, into: server.location("copy")) { $0.ignoresPreflight = true }.run()
        #expect(outcome.findings.contains { $0.weight == .missing && $0.sentence.contains("made with the locale C") })
        #expect(try server.psql("SELECT n FROM t", "copy") == "1")
    }

    @Test("another version of the collations is a notice, and no reason to stop")
    func collations() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE DATABASE shop TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C'
                LC_CTYPE 'C.UTF-8'
            """)
        let recording = try recording(server.location("shop")) { database in
            var facts = Self.members(database["facts"] ?? .null)
            facts["collationVersion"] = "1.2.3"
            database["facts"] = Self.object(facts)
        }
        let findings = try restore(recording, into: server.location("copy")).preflight()
        #expect(findings.map(\.object) == ["copy"])
        #expect(findings.first?.sentence.hasPrefix("collation version 1.2.3 in the source, ") == true)
        let same = try RecordingSink.record(PostgresAdapter(try server.location("shop")))
        #expect(try restore(same, into: server.location("copy")).preflight() == [])
        // After the restore, too: it is no difference, and worth knowing.
        let verified = try restore(recording, into: server.location("copy")) {
            $0.verificationKey = Array(0..<16)
        }.run()
        #expect(verified.findings.allSatisfy { $0.weight == .notice })
        #expect(verified.findings.last?.object == "copy: collation en-US")
        #expect(verified.findings.last?.sentence.hasPrefix("verification: expected version 1.2.3, found") == true)
    }

    @Test("a server that cannot lock as many tables as it would have to is refused, or told of")
    func locks() throws {
        let source = try ThrowawayPostgres(settings: ["max_locks_per_transaction=100"])
        try source.psql("CREATE DATABASE shop")
        try source.psql(
            """
            CREATE TABLE root (n int) PARTITION BY RANGE (n);
            SELECT format('CREATE TABLE part_%s PARTITION OF root FOR VALUES FROM (%s) TO (%s)', n, n, n + 1)
                FROM generate_series(1, 150) n \\gexec
            """, "shop")
        let recording = try RecordingSink.record(PostgresAdapter(try source.location("shop")))
        let small = try ThrowawayPostgres(settings: ["max_locks_per_transaction=10", "max_connections=14"])
        let failure = try refusal(restore(recording, into: small.location("copy")), small)
        #expect(failure.sentence == "copy: locks: the server must hold 150 at once, it has room for 140", "\(failure)")
        let other = try ThrowawayPostgres()
        #expect(try restore(recording, into: other.location("copy")).preflight() == [])
    }

    @Test("too little room is refused where the server's disk is to be seen")
    func room() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop; CREATE ROLE maker LOGIN CREATEDB")
        try server.psql("CREATE TABLE t AS SELECT 1 AS n", "shop")
        let recording = try recording(server.location("shop")) { database in
            var table = Self.members(database["tables"]?.elements?.first ?? .null)
            table["bytes"] = .integer(1 << 55)
            database["tables"] = [Self.object(table)]
        }
        let failure = try refusal(restore(recording, into: server.location("copy")), server)
        #expect(failure.sentence.contains("are free where the server keeps its data, at least"), "\(failure)")
        let blind = try restore(recording, into: server.location("copy", user: "maker")).preflight()
        #expect(blind.contains { $0.object == "server" && $0.sentence.contains("not known from here") })
    }

    @Test("everything that is in the way is told in one refusal")
    func allAtOnce() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop; CREATE DATABASE copy")
        try server.psql("CREATE TABLE mine (n int)", "copy")
        let recording = try recording(server.location("shop")) { database in
            var facts = Self.members(database["facts"] ?? .null)
            facts["owner"] = "ghost"
            facts["extensions"] = [["name": "postgis", "version": "3.3", "schema": "public"]]
            database["facts"] = Self.object(facts)
        }
        let failure = try #require(throws: Failure.self) {
            try restore(recording, into: server.location("copy")) { $0.ignoresPreflight = true }.run()
        }
        #expect(failure.kind == .refused && failure.sentence.hasPrefix("3 things at "))
        for word in ["public.mine", "postgis", "ghost"] { #expect(failure.cause?.contains(word) == true, "\(failure)") }
    }
}
