import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Restoring a PostgreSQL database")
struct PostgresRestoreTests {
    private let key = Array<UInt8>(0..<16)

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
        for outcome in [outcome] { for stage in outcome.stages { print(stage) } }

        let manifest = try PostgresManifest(recording.manifest())
        let comparison = PostgresComparison(
            manifest.databases[0], of: manifest, in: try target.location("copy"), database: "copy", rowHashKey: key)
        #expect(try comparison.rowCounts().differences == [])
        #expect(try comparison.checksums().differences == [])
        #expect(try comparison.structure().differences == [])
    }
}
