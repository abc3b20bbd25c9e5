import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("An unfinished restore")
struct PostgresUnfinishedTests {
    private let scratch: TemporaryFolder
    private let server: ThrowawayPostgres
    private let recording: Recording

    init() throws {
        scratch = try TemporaryFolder("unfinished")
        server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop; CREATE ROLE clerk")
        try server.psql("CREATE TABLE t AS SELECT generate_series(1, 5) AS id", "shop")
        recording = try RecordingSink.record(PostgresAdapter(try server.location("shop")))
    }

    private func restore(
        _ restored: String = "1234:shop", cancellation: any Cancellation = NeverCancelled(), overwrite: Bool = false
    ) throws -> PostgresRestoreOutcome {
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.restored = restored
        options.overwrite = overwrite
        return try PostgresRestore(
            recording, into: server.location("copy"), options: options, cancellation: cancellation
        ).run()
    }

    /// Stops while the rows are loaded: at the first part whose bytes cannot be had.
    private func leaveUnfinished(_ restored: String = "1234:shop") throws {
        let node = try #require(
            recording.sink.node(["shop", "tables", "public.t", "part-0000.copy"].map { Array($0.utf8) }))
        let bytes = node.bytes
        node.bytes = nil
        defer { node.bytes = bytes }
        #expect(throws: Failure.self) { try restore(restored) }
    }

    private var comment: String {
        get throws {
            try server.psql("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'copy'")
        }
    }

    @Test("it is marked, and started over by the same restore alone, unless told to overwrite")
    func marks() throws {
        try leaveUnfinished()
        #expect(try comment == "salvor restore 1234:shop unfinished: the same command starts it over")
        let other = try #require(throws: Failure.self) { try restore("5678:shop") }
        #expect(other.kind == .refused && other.sentence.contains("unfinished restore of 1234:shop"), "\(other)")
        #expect(try server.psql("SELECT to_regclass('t')", "copy") == "t", "nothing was touched")
        #expect(try restore().findings == [])
        #expect(try server.psql("SELECT sum(id) FROM t", "copy") == "15")
        #expect(try comment == "")
        let full = try #require(throws: Failure.self) { try restore() }
        #expect(full.kind == .refused && full.sentence.contains("is not empty"), "a finished one is as any other")
        try leaveUnfinishedAfterOverwriting()
        #expect(try restore("5678:shop", overwrite: true).findings == [])
    }

    private func leaveUnfinishedAfterOverwriting() throws {
        try server.psql("DROP DATABASE copy")
        try leaveUnfinished()
    }

    @Test("a database that was there, empty, is started over as it was")
    func keepsProperties() throws {
        try server.psql(
            """
            CREATE DATABASE copy OWNER clerk TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C';
            ALTER DATABASE copy SET work_mem = '7MB'; GRANT CONNECT ON DATABASE copy TO clerk
            """)
        try leaveUnfinished()
        // A session of the run that was killed, still at work.
        let left = try server.session("copy")
        try left.say("SELECT 'here';")
        #expect(try left.hear() == "here\n")
        _ = try restore()
        #expect(
            try server.psql(
                """
                SELECT pg_encoding_to_char(encoding), setconfig FROM pg_database d
                JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE datname = 'copy'
                """) == "LATIN1|{work_mem=7MB}")
        #expect(try server.psql("SELECT sum(id) FROM t", "copy") == "15")
        left.closeInput()
        _ = try? left.wait()
    }

    @Test("a database with anything in it is not marked, and so never dropped")
    func leavesOthersAlone() throws {
        try server.psql("CREATE DATABASE copy")
        // As a template may have it: not enough to refuse a restore, and enough to leave the database as it is.
        try server.psql("CREATE TEXT SEARCH DICTIONARY mine (TEMPLATE = simple)", "copy")
        try leaveUnfinished()
        #expect(try comment == "")
        let failure = try #require(throws: Failure.self) { try restore() }
        #expect(failure.kind == .refused)
        let mine = "SELECT count(*) FROM pg_ts_dict WHERE dictname = 'mine'"
        #expect(try server.psql(mine, "copy") == "1")
        try server.psql("DROP TABLE t", "copy")
        let outcome = try restore()
        #expect(outcome.findings.map(\.weight) == [.notice], "\(outcome.findings)")
    }

    @Test("two restores do not work on one database at the same time")
    func excludes() throws {
        let holder = try server.session("postgres")
        try holder.say("SELECT pg_advisory_lock(1935764598, hashtext('copy')) IS NULL;")
        _ = try holder.hear()
        let failure = try #require(throws: Failure.self) { try restore() }
        #expect(failure.kind == .busy && failure.sentence.contains("copy"), "\(failure)")
        #expect(try server.psql("SELECT count(*) FROM pg_database WHERE datname = 'copy'") == "0")
        holder.closeInput()
        _ = try holder.wait()
        #expect(try restore().findings == [])
    }
}
