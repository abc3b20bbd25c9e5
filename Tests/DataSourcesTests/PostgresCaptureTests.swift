import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Capturing a PostgreSQL database")
struct PostgresCaptureTests {
    @Test("an idle database gives the same bytes twice, in the documented layout")
    func isStable() throws {
        let server = try ThrowawayPostgres()
        try server.psql(TortureDatabase.sql, "postgres")
        let adapter = PostgresAdapter(try server.location("postgres"))
        let first = try RecordingSink.record(adapter)
        #expect(first.findings == [])
        let files = first.files()
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) { print(name, bytes.count) }
        print(String(decoding: files["postgres/manifest.json"] ?? [], as: UTF8.self))
        let second = try RecordingSink.record(adapter, readers: 1, bufferBytes: 777)
        #expect(second.files() == files)
    }
}
