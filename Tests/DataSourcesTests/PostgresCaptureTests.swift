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
        let second = try RecordingSink.record(adapter, readers: 1, bufferBytes: 777)
        #expect(second.files() == files)
    }
}
