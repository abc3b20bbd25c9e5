import Formats
import TestDoubles
import Testing

@testable import DataSources

@Suite("How finely rows are cut")
struct PostgresCutsTests {
    private let orders = PostgresCuts.Name(schema: "public", table: "orders")
    private let logs = PostgresCuts.Name(schema: "public", table: "logs")

    @Test(
        "a database begins with about a million chunks, no finer than 4 KiB and no coarser than 64 KiB",
        arguments: [
            (0, 4), (4 << 30, 4), (4 << 30 + 4096, 8), (16 << 30, 16), (60 << 30, 64), (1 << 40, 64),
        ] as [(Int64, Int)])
    func first(bytes: Int64, kibibytes: Int) {
        #expect(PostgresCuts(databaseBytes: bytes)[orders] == kibibytes << 10)
    }

    @Test("a table of which most is new each night is cut more finely, and no other one")
    func churn() {
        var cuts = PostgresCuts(databaseBytes: 60 << 30)
        cuts.learn(orders, bytes: 1 << 20, newBytes: 1 << 19, databaseBytes: 60 << 30)
        cuts.learn(logs, bytes: 1 << 20, newBytes: 1 << 18, databaseBytes: 60 << 30)
        #expect(cuts[orders] == 16 << 10 && cuts[logs] == 64 << 10)
        for _ in 0..<3 { cuts.learn(orders, bytes: 1 << 20, newBytes: 1 << 20, databaseBytes: 60 << 30) }
        #expect(cuts[orders] == PostgresCuts.finest)
        cuts.learn(logs, bytes: 0, newBytes: 0, databaseBytes: 60 << 30)
        #expect(cuts[logs] == 64 << 10)
    }

    @Test("a large table at rest is cut more coarsely when its database has grown far beyond its cut")
    func growth() {
        var cuts = PostgresCuts(databaseBytes: 1 << 30)
        cuts.learn(logs, bytes: 32 << 30, newBytes: 1 << 20, databaseBytes: 32 << 30)
        #expect(cuts[logs] == 4 << 10, "eight times is not enough")
        cuts.learn(logs, bytes: 90 << 30, newBytes: 1 << 20, databaseBytes: 90 << 30)
        #expect(cuts[logs] == 16 << 10)
        cuts.learn(logs, bytes: 90 << 30, newBytes: 1 << 20, databaseBytes: 90 << 30)
        #expect(cuts[logs] == 16 << 10, "once")
        cuts.learn(orders, bytes: 90 << 30, newBytes: 30 << 30, databaseBytes: 90 << 30)
        #expect(cuts[orders] == 4 << 10, "it is not at rest")
        cuts.keep([orders])
        #expect(cuts[logs] == 4 << 10)
    }

    @Test("what is written is read again, and what nobody writes is not taken")
    func file() throws {
        var cuts = PostgresCuts(databaseBytes: 60 << 30)
        cuts.learn(orders, bytes: 10, newBytes: 10, databaseBytes: 60 << 30)
        #expect(PostgresCuts(try JSONParser.parse(JSONWriter.bytes(cuts.json))) == cuts)
        for text in [
            "{}", #"{"format":2,"averageBytes":4096}"#, #"{"format":1,"averageBytes":1}"#,
            #"{"format":1,"averageBytes":99999999}"#, #"{"format":1,"averageBytes":4096,"tables":[{"schema":"s"}]}"#,
        ] {
            #expect(PostgresCuts(try JSONParser.parse(Array(text.utf8))) == nil, "\(text)")
        }
    }

    @Test("a table is cut in the next night as this one learned, and an idle one as ever")
    func nights() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(
            "CREATE TABLE busy (n int); CREATE TABLE idle (n int); INSERT INTO busy VALUES (1); "
                + "INSERT INTO idle VALUES (1)", "shop")
        let adapter = PostgresAdapter(try server.location("shop"))
        let file = ["shop", PostgresCuts.fileName].map { Array($0.utf8) }
        func cut(_ table: String, _ recording: Recording) -> CutProfile? {
            recording.sink.node(["shop", "tables", "public.\(table)", "part-0000.copy"].map { Array($0.utf8) })?.profile
        }
        let first = try RecordingSink.record(adapter)
        #expect(cut("busy", first) == .lines(averageBytes: 4 << 10))
        // As a database of 60 GB would have it.
        let node = try #require(first.sink.node(file))
        node.bytes = JSONWriter.bytes(PostgresCuts(databaseBytes: 60 << 30).json)
        try server.psql("INSERT INTO busy VALUES (2)", "shop")
        let second = try RecordingSink.record(adapter, parent: first.sink)
        #expect(cut("busy", second) == .lines(averageBytes: 64 << 10))
        let third = try RecordingSink.record(adapter, parent: second.sink)
        #expect(cut("busy", third) == .lines(averageBytes: 16 << 10))
        #expect(cut("idle", third) == .lines(averageBytes: 64 << 10))
    }
}
