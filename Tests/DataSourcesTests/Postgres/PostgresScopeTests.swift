import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Leaving out what a policy says")
struct PostgresScopeTests {
    private static let sql = """
        CREATE TABLE orders (id integer PRIMARY KEY, note text);
        INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, 100) i;
        CREATE TABLE audit_log (id integer PRIMARY KEY, secret text);
        INSERT INTO audit_log SELECT i, 'confidential' FROM generate_series(1, 50) i;
        CREATE TABLE refers (id integer PRIMARY KEY, entry integer REFERENCES audit_log);
        CREATE TABLE events (day integer, what text) PARTITION BY LIST (day);
        CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);
        CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2);
        INSERT INTO events VALUES (1, 'confidential'), (2, 'confidential');
        """

    @Test("rows that are left out are nowhere in the snapshot, their tables are, and the ledger tells")
    func rows() throws {
        let server = try ThrowawayPostgres()
        try server.psql(Self.sql)
        let adapter = PostgresAdapter(
            try server.location("postgres"),
            scope: PostgresScope(excludedRows: ["public.audit_log", "public.events", "public.nothing"]))
        let recording = try RecordingSink.record(adapter)
        let files = recording.files()
        let tables = Set(files.keys.filter { $0.hasPrefix("postgres/tables/") })
        #expect(
            tables == ["postgres/tables/public.orders/part-0000.copy", "postgres/tables/public.refers/part-0000.copy"])
        for (name, bytes) in files {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("confidential"), "\(name)")
        }
        let schema = String(decoding: files["postgres/pre-data.sql"] ?? [], as: UTF8.self)
        #expect(schema.contains("CREATE TABLE public.audit_log"))
        #expect(recording.findings.allSatisfy { $0.weight == .notice }, "\(recording.findings)")
        #expect(recording.findings.contains { $0.object == "public.nothing" })
        #expect(
            recording.findings.contains { $0.object.hasSuffix("public.refers") && $0.sentence.contains("refers_entry") }
        )
        let manifest = try PostgresManifest(try recording.manifest())
        let coverage = manifest.databases[0].coverage
        let named = coverage.partial.filter { $0.reason.contains("left out by the policy; its definition") }
        #expect(
            Set(named.map(\.object)) == ["public.audit_log", "public.events", "public.events_1", "public.events_2"])
        #expect(coverage.missing.isEmpty && manifest.databases[0].tables.map(\.name) == ["orders", "refers"])
        let readme = String(decoding: files["postgres/README"] ?? [], as: UTF8.self)
        #expect(readme.contains("because nobody wanted it") && readme.contains("public.audit_log"))
    }

    @Test("roles that are not wanted are not asked for")
    func roles() throws {
        let server = try ThrowawayPostgres()
        let adapter = PostgresAdapter(try server.location("postgres"), scope: PostgresScope(savesRoles: false))
        let recording = try RecordingSink.record(adapter)
        #expect(recording.files()["globals.sql"] == nil && recording.files()["roles.sql"] == nil)
        #expect(try !PostgresManifest(try recording.manifest()).hasGlobals)
        #expect(recording.findings == [Finding(.notice, "roles", "left out by the policy")])
        let everything = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        #expect(everything.files()["globals.sql"] != nil && everything.findings == [])
    }
}
