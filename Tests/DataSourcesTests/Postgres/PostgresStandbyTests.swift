import DataSources
import Platform
import TestDoubles
import Testing

@Suite("A standby that is backed up in its primary's place")
struct PostgresStandbyTests {
    private static func follow(
        _ primary: ThrowawayPostgres, settings: [String] = []
    ) throws -> ThrowawayPostgres {
        let standby = try ThrowawayPostgres(standbyOf: primary, settings: settings)
        let position = try primary.psql("SELECT pg_current_wal_lsn()")
        try standby.wait("SELECT pg_last_wal_replay_lsn() >= '\(position)'", until: "t")
        return standby
    }

    @Test("gives all but what is unlogged, which is named, under no lock but the weakest")
    func isBackedUp() throws {
        let primary = try ThrowawayPostgres()
        try primary.psql(
            """
            CREATE TABLE kept (id serial PRIMARY KEY);
            INSERT INTO kept SELECT FROM generate_series(1, 100);
            CREATE UNLOGGED TABLE scratch AS SELECT 1 AS one;
            CREATE UNLOGGED SEQUENCE counter;
            SELECT lo_from_bytea(7, 'seven');
            CREATE ROLE keeper SUPERUSER LOGIN;
            ALTER ROLE keeper SET default_transaction_isolation = 'serializable';
            """)
        let standby = try Self.follow(primary)
        let modes = Results<String>()
        let place = try standby.location("postgres", user: "keeper")
        let recording = try RecordingSink.record(PostgresAdapter(place)) { _, path in
            guard path == "postgres/tables" else { return }
            modes.add(try standby.psql("SELECT DISTINCT mode FROM pg_locks WHERE relation >= 16384"))
        }
        #expect(modes.all == ["AccessShareLock"])
        #expect(recording.findings.map(\.object) == ["postgres: public.scratch", "postgres: public.counter"])
        #expect(recording.findings.allSatisfy { $0.sentence.contains("a standby does not have") })
        let manifest = try PostgresManifest(recording.manifest())
        #expect(manifest.databases[0].tables.map(\.rows) == [100])
        #expect(manifest.databases[0].largeObjectCount == 1)
        #expect(manifest.databases[0].objectCounts.contains { $0 == ("TABLE", 2) })

        let scratch = try TemporaryFolder("restore")
        let copy = try primary.location("copy")
        _ = try PostgresRestore(recording, into: copy, options: .init(workDirectory: scratch.path)).run()
        #expect(try primary.psql("SELECT count(*), max(id) FROM kept", "copy") == "100|100")
        #expect(try primary.psql("SELECT nextval('kept_id_seq')", "copy") == "101")
        #expect(try primary.psql("SELECT convert_from(lo_get(7), 'UTF8')", "copy") == "seven")
    }

    @Test("that must replay what takes the snapshot's rows away ends the backup as unreachable, and it is explained")
    func explainsConflict() throws {
        let primary = try ThrowawayPostgres()
        try primary.psql("CREATE TABLE kept AS SELECT generate_series(1, 100) AS id")
        let standby = try Self.follow(primary, settings: ["max_standby_streaming_delay=50ms"])
        let adapter = PostgresAdapter(try standby.location("postgres"))
        let failure = #expect(throws: Failure.self) {
            _ = try RecordingSink.record(adapter) { sink, path in
                guard path == "postgres/tables" else { return }
                try sink.settle()
                let holders =
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'salvor backup' "
                    + "AND state = 'idle in transaction'"
                try #require(try standby.psql(holders) == "1")
                try primary.psql("DELETE FROM kept WHERE id > 50")
                try primary.psql("VACUUM kept")
                try standby.wait(holders, until: "0")
            }
        }
        #expect(failure?.kind == .unreachable, "\(failure as Any)")
        #expect(failure?.sentence.hasPrefix("the standby ended the snapshot of postgres") == true, "\(failure as Any)")
        #expect(failure?.hint?.contains("hot_standby_feedback") == true)
        #expect(failure?.cause?.contains("conflict with recovery") == true)
    }
}
