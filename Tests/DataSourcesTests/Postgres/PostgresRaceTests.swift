import DataSources
import Platform
import TestDoubles
import Testing

@Suite("A database whose tables are emptied, rewritten, dropped and made while a backup begins")
struct PostgresRaceTests {
    /// Every table holds one hundred rows of one number, whenever somebody may look, and `generation` says which.
    private static let tables = """
        CREATE TABLE generation (name text PRIMARY KEY, n integer NOT NULL);
        CREATE TABLE stop ();
        CREATE PROCEDURE fill(which text) LANGUAGE plpgsql AS $$ DECLARE g integer; BEGIN
            INSERT INTO generation VALUES (which, 1)
                ON CONFLICT (name) DO UPDATE SET n = generation.n + 1 RETURNING n INTO g;
            EXECUTE format('INSERT INTO %I SELECT %s FROM generate_series(1, 100)', which, g);
        END $$;
        CREATE TABLE emptied (n integer); CALL fill('emptied');
        CREATE TABLE emptied_too (n integer); CALL fill('emptied_too');
        CREATE TABLE rewritten (n integer); CALL fill('rewritten');
        CREATE TABLE dropped (n integer); CALL fill('dropped');
        """

    /// What goes on in a session of its own, as fast as it can, until `stop` has a row. The last one, for which nobody
    /// has to wait, takes its time: the catalogue would grow by thousands of dead rows a second.
    private static let writers = [
        "TRUNCATE emptied; CALL fill('emptied');",
        "TRUNCATE emptied_too; CALL fill('emptied_too');",
        """
        ALTER TABLE rewritten ALTER n TYPE bigint; DELETE FROM rewritten; CALL fill('rewritten'); COMMIT;
        ALTER TABLE rewritten ALTER n TYPE integer USING n + 0;
        """,
        "DROP TABLE dropped; CREATE TABLE dropped (n integer); CALL fill('dropped');",
        """
        EXECUTE format('CREATE TABLE %I (n integer)', 'new_' || i); CALL fill('new_' || i);
        IF i > 20 THEN
            EXECUTE format('DROP TABLE %I', 'new_' || i - 20); DELETE FROM generation WHERE name = 'new_' || i - 20;
        END IF;
        PERFORM pg_sleep(0.002);
        """,
    ].map { body in
        """
        DO $$ DECLARE i integer := 0; BEGIN LOOP
            EXIT WHEN EXISTS (SELECT FROM stop);
            i := i + 1;
            \(body)
            COMMIT;
        END LOOP; END $$;
        """
    }

    @Test("in each of 32 captures every table is whole and of one instant, or named")
    func staysWhole() throws {
        let server = try ThrowawayPostgres()
        try server.psql(Self.tables)
        let adapter = PostgresAdapter(try server.location("postgres"), lockSeconds: 1)
        var seen: Set<String> = []
        let recordings = Results<Recording>()
        try ThreadScope.run { scope in
            defer { _ = try? server.psql("INSERT INTO stop DEFAULT VALUES") }
            for (number, writer) in Self.writers.enumerated() {
                scope.start("writer-\(number)") { try server.psql(writer) }
            }
            for _ in 0..<32 { recordings.add(try RecordingSink.record(adapter)) }
        }
        for recording in recordings.all {
            let problems = Self.problems(recording)
            #expect(problems == [], "\(recording.findings)")
            seen.insert(Self.text(recording, "generation"))
        }
        #expect(seen.count > 24, "the tables changed between any two captures")
    }

    @Test("one who changes a table now and then is let through before the definitions are read, and nothing is missing")
    func letsThrough() throws {
        let server = try ThrowawayPostgres()
        try server.psql(Self.tables)
        let adapter = PostgresAdapter(try server.location("postgres"))
        let writer = Self.writers[0].replacing("COMMIT;", with: "COMMIT; PERFORM pg_sleep(0.4);")
        try ThreadScope.run { scope in
            defer { _ = try? server.psql("INSERT INTO stop DEFAULT VALUES") }
            scope.start("writer") { try server.psql(writer) }
            for _ in 0..<5 {
                let recording = try RecordingSink.record(adapter)
                #expect(recording.findings == [])
                #expect(Self.problems(recording) == [])
            }
        }
    }

    @Test("a sequence that is dropped before its value is read is named, and the rest is saved")
    func namesDroppedSequence() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE kept (id serial); CREATE SEQUENCE passing; SELECT nextval('kept_id_seq')")
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres"))) { sink, path in
            guard path == "postgres/tables" else { return }
            try sink.settle()
            try server.psql("DROP SEQUENCE passing")
        }
        #expect(recording.findings.map(\.object) == ["postgres: public.passing"])
        let sequences = String(decoding: recording.bytes("postgres/sequences.json") ?? [], as: UTF8.self)
        #expect(sequences.contains("kept_id_seq") && !sequences.contains("passing"), "\(sequences)")
    }

    @Test("a lock that is not given ends the backup after the waits that were asked for, and names who holds it")
    func givesUp() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE busy (n integer)")
        let owner = try server.session("postgres")
        try owner.say("BEGIN; LOCK TABLE busy; SELECT pg_backend_pid();")
        let process = try owner.hear().filter { $0 != "\n" }
        let place = try server.location("postgres")
        let clock = SystemClock()
        let start = clock.monotonicSeconds()
        let failure = #expect(throws: Failure.self) {
            _ = try RecordingSink.record(PostgresAdapter(place, lockSeconds: 1))
        }
        #expect((5...15).contains(clock.monotonicSeconds() - start))
        #expect(failure?.kind == .failed)
        #expect(failure?.sentence.contains("process \(process) holds public.busy") == true, "\(failure as Any)")
        owner.closeInput()
        try owner.wait()
    }

    /// Stops the run as soon as somebody says so.
    private final class Stop: Cancellation, @unchecked Sendable {
        private let lock = Lock()
        private var isTold = false
        func tell() { lock.locked { isTold = true } }
        func check() throws {
            if lock.locked({ isTold }) { throw Failure(.interrupted, "interrupted") }
        }
    }

    @Test("a backup that is stopped while it waits for a lock gives up its place in the queue at once")
    func stopsWaiting() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE busy (n integer)")
        let owner = try server.session("postgres")
        try owner.say("BEGIN; LOCK TABLE busy; SELECT 'held';")
        _ = try owner.hear()
        let place = try server.location("postgres")
        let stop = Stop()
        let failure = #expect(throws: Failure.self) {
            try ThreadScope.run { scope in
                scope.start("capture") {
                    // Longer than any test lasts.
                    _ = try RecordingSink.record(PostgresAdapter(place, lockSeconds: 3600), cancellation: stop)
                }
                try server.wait("SELECT count(*) FROM pg_locks WHERE NOT granted", until: "1")
                stop.tell()
                try server.wait("SELECT count(*) FROM pg_locks WHERE NOT granted", until: "0")
            }
        }
        #expect(failure?.kind == .interrupted)
        owner.closeInput()
        try owner.wait()
    }

    private static func text(_ recording: Recording, _ table: String) -> String {
        let bytes = recording.bytes("postgres/tables/public.\(table)/part-0000.copy") ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The tables that are neither named nor hold what `generation` says of the same instant.
    private static func problems(_ recording: Recording) -> [String] {
        let generations = text(recording, "generation").split(separator: "\n").map { $0.split(separator: "\t") }
        let always: Set<Substring> = ["emptied", "emptied_too", "rewritten", "dropped"]
        var problems = always.subtracting(generations.map { $0[0] }).map { "\($0) is not in generation" }
        for generation in generations {
            if recording.findings.contains(where: { $0.object == "postgres: public.\(generation[0])" }) { continue }
            let rows = text(recording, String(generation[0])).split(separator: "\n")
            if rows.count != 100 || !rows.allSatisfy({ $0 == generation[1] }) {
                problems.append("\(generation) has \(rows.count) rows of \(Set(rows))")
            }
        }
        return problems
    }
}
