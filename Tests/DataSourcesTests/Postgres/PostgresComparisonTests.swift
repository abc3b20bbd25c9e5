import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Comparing a restored database with its source")
struct PostgresComparisonTests {
    /// One source, one restored copy, one server; each damage is done to the copy and undone again.
    @Test("one changed value, one lost row, one dropped index … are each seen, by name")
    func seesDamage() throws {
        let server = try ThrowawayPostgres()
        try server.psql(TortureDatabase.sql)
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let scratch = try TemporaryFolder("compare")
        let outcome = try PostgresRestore(
            recording, into: try server.location("copy"), options: .init(workDirectory: scratch.path)
        ).run()
        #expect(outcome.findings == [])
        let manifest = try PostgresManifest(recording.manifest())
        let comparison = PostgresComparison(
            manifest.databases[0], of: manifest, in: try server.location("copy"), database: "copy",
            rowHashKey: Array(0..<16))
        #expect(try comparison.checksums().isEqual)
        #expect(try comparison.structure().isEqual)
        #expect(try comparison.structure().compared > 60)

        try damage(
            server, "UPDATE app.customer SET share = share + 0.01 WHERE id = 7", comparison, sums: ["app.customer"])
        try damage(server, "DELETE FROM measure WHERE value = 1", comparison, counts: ["public.measure_2025_rest"])
        try damage(
            server, "DELETE FROM ONLY ancestor WHERE id = 1; INSERT INTO ancestor VALUES (2, 'a')", comparison,
            sums: ["public.ancestor"])
        try damage(server, "SELECT lo_put(4242, 5, 'x')", comparison, sums: ["large objects"])
        try damage(server, "DROP INDEX app.customer_lower", comparison, structure: ["INDEX app.customer_lower"])
        try damage(
            server, "ALTER TABLE app.\"Order\" DROP CONSTRAINT \"self ref\"", comparison,
            structure: ["FK CONSTRAINT app.Order self ref"])
        try damage(
            server,
            "CREATE OR REPLACE FUNCTION app.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 3'",
            comparison, structure: ["FUNCTION app.twice(integer)"])
        try damage(server, "SELECT nextval('app.counter')", comparison, structure: ["SEQUENCE app.counter"])
        try damage(
            server, "REVOKE SELECT ON app.customer FROM reporter", comparison, structure: ["ACL app.TABLE customer"])
        try damage(
            server, "SELECT lo_unlink(4243)", comparison,
            structure: ["BLOB large objects", "COMMENT LARGE OBJECT 4243", "large objects"])
        try damage(
            server,
            "SET allow_system_table_mods = on; UPDATE pg_index SET indisvalid = false "
                + "WHERE indexrelid = 'app.customer_document'::regclass", comparison,
            structure: ["INDEX app.customer_document", "INDEX app.customer_document"])
        try damage(
            server, "ALTER TABLE empty RENAME TO void", comparison, counts: ["public.empty"], sums: ["public.empty"])
    }

    /// Makes a copy of the copy, damages it, and compares.
    private func damage(
        _ server: ThrowawayPostgres, _ sql: String, _ comparison: PostgresComparison, counts: [String] = [],
        sums: [String] = [], structure: [String] = []
    ) throws {
        try server.psql("CREATE DATABASE intact TEMPLATE copy")
        defer { _ = try? server.psql("DROP DATABASE copy; ALTER DATABASE intact RENAME TO copy") }
        try server.psql(sql, "copy")
        if !counts.isEmpty || !sums.isEmpty {
            #expect(try comparison.rowCounts().differences.map(\.object) == counts, "\(sql)")
            #expect(Set(try comparison.checksums().differences.map(\.object)) == Set(counts + sums), "\(sql)")
        }
        if !structure.isEmpty {
            let found = try comparison.structure().differences
            #expect(Set(found.map(\.object)) == Set(structure), "\(sql)")
            #expect(try comparison.rowCounts().isEqual)
        }
    }
}
