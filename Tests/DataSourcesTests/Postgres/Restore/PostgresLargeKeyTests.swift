import Glibc
import Platform
import TestDoubles
import Testing

@testable import DataSources

@Suite("A restore that reads rows back while it builds indexes")
struct PostgresLargeKeyTests {
    private static let rows = "generate_series(1, 1500) i"
    private static let pad = "repeat('x', 1000) AS pad"

    private func restore(
        _ recording: Recording, into server: ThrowawayPostgres, jobs: Int = 2, isVerified: Bool = true,
        cancellation: any Cancellation = NeverCancelled()
    ) throws -> PostgresRestoreOutcome {
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.verificationKey = isVerified ? Array(0..<16) : nil
        options.jobs = jobs
        return try PostgresRestore(
            recording, into: server.location("copy"), options: options, cancellation: cancellation
        ).run()
    }

    private func log(_ server: ThrowawayPostgres) throws -> [Substring] {
        let file = try FileDescriptor(opening: Array("\(server.directory.path)/log".utf8), O_RDONLY)
        var buffer = Buffer(capacity: 1 << 20)
        var text: [UInt8] = []
        while try file.read(into: &buffer) > 0 {
            text.append(buffer.bytes)
            buffer.clear()
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }

    @Test("large keys are attached, and all definitions are the source's")
    func attaches() throws {
        let server = try ThrowawayPostgres(settings: ["log_statement=ddl"])
        try server.psql(
            #"""
            CREATE TABLE plain AS SELECT i AS id, i AS a, i || 'b' AS b, \#(Self.pad) FROM \#(Self.rows);
            ALTER TABLE plain ADD PRIMARY KEY (id), ADD UNIQUE (a) DEFERRABLE INITIALLY DEFERRED,
                ADD CONSTRAINT "it's ""odd"";(key)" UNIQUE (b, a) INCLUDE (pad) WITH (fillfactor = 70),
                ADD CONSTRAINT later UNIQUE (b) DEFERRABLE;
            COMMENT ON CONSTRAINT plain_pkey ON plain IS 'the key';
            CREATE SCHEMA "Ö";
            CREATE TABLE "Ö"."Ta""ble; (x" AS SELECT i AS "k'; --", NULLIF(i, 1) AS c, \#(Self.pad) FROM \#(Self.rows);
            ALTER TABLE "Ö"."Ta""ble; (x" ADD CONSTRAINT "order" PRIMARY KEY ("k'; --"),
                ADD CONSTRAINT nulls UNIQUE NULLS NOT DISTINCT (c);
            CREATE TABLE clustered AS TABLE plain;
            ALTER TABLE clustered ADD PRIMARY KEY (id), ADD CONSTRAINT seen UNIQUE (a), ALTER a SET NOT NULL;
            ALTER TABLE clustered CLUSTER ON clustered_pkey, REPLICA IDENTITY USING INDEX seen;
            CREATE TABLE measure (id integer, at date, pad text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE measure_2 PARTITION OF measure DEFAULT;
            INSERT INTO measure SELECT i, date '2026-02-01', \#(Self.pad) FROM \#(Self.rows);
            CREATE TABLE child (plain integer REFERENCES plain, measured integer, at date,
                FOREIGN KEY (measured, at) REFERENCES measure, CONSTRAINT small UNIQUE (plain));
            INSERT INTO child VALUES (1, 1, '2026-02-01');
            """#)
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let before = try log(server).count
        #expect(try restore(recording, into: server).findings == [])
        #expect(try server.schema("copy") == server.schema("postgres"))
        #expect(try server.psql("SELECT count(*) FROM pg_index WHERE NOT indisvalid", "copy") == "0")
        let said = try log(server).dropFirst(before)
        let built = said.compactMap { line in
            line.firstRange(of: "CREATE UNIQUE INDEX ").map { line[$0.upperBound...].prefix { $0 != "(" } }
        }
        // What has a second statement, and what is small, is left to pg_restore.
        let names = [#""plain_pkey""#, #""plain_a_key""#, #""it's ""odd"";"#, #""later""#, #""order""#, #""nulls""#]
        #expect(built.count == names.count + 1, "\(built)")
        for name in names + [#""measure_1_pkey""#] {
            #expect(built.contains { $0.hasPrefix(name) }, "\(name) of \(built)")
            #expect(said.contains { $0.contains("USING INDEX \(name)") }, "\(name)")
        }
    }

    @Test("rows that break a large key give the server's complaint of the key, and no index is left")
    func tellsBrokenKeys() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE TABLE t AS SELECT i AS id, i AS a, \(Self.pad) FROM \(Self.rows);
            ALTER TABLE t ADD PRIMARY KEY (id), ADD UNIQUE (a)
            """)
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        let node = try #require(
            recording.sink.node(["postgres", "tables", "public.t", "part-0000.copy"].map { Array($0.utf8) }))
        node.bytes = (node.bytes ?? []) + Array("77\t99999\tx\n".utf8)
        let findings = try restore(recording, into: server).findings
        #expect(
            findings.first
                == Finding(
                    .missing, "copy: ALTER TABLE ONLY public.t", #"could not create unique index "t_pkey""#))
        #expect(
            findings.dropFirst().map(\.object) == ["copy: public.t", "copy: CONSTRAINT public.t t_pkey"], "\(findings)")
        #expect(
            try server.psql("SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 't'::regclass", "copy")
                == "t_a_key")
    }

    @Test("an index that cannot be made a key is taken away, and the key is made in one step")
    func undoes() throws {
        let server = try ThrowawayPostgres(settings: ["log_statement=ddl"])
        let recording = try gated(
            server,
            "INSERT INTO t (id, pad) SELECT i + 2, \(Self.pad) FROM \(Self.rows); ALTER TABLE t ADD PRIMARY KEY (id)")
        let holder = try server.session("copy")
        try holder.say("SELECT pg_advisory_lock(1);")
        _ = try holder.hear()
        try ThreadScope.run { scope in
            scope.start("restore") {
                let findings = try restore(recording, into: server).findings
                #expect(findings.filter { $0.object.contains("TABLE") || $0.object.contains("CONSTRAINT") } == [])
            }
            defer { holder.closeInput() }
            try server.wait(Self.waits(Self.copying, for: "advisory"), until: "1")
            // Nothing of the kind may be there before: the database would not be empty.
            try server.psql(
                """
                CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
                BEGIN IF current_query() LIKE '%USING INDEX%' THEN RAISE 'not in this house'; END IF; END $$;
                CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION refuse()
                """, "copy")
        }
        try holder.wait()
        #expect(try log(server).contains { $0.contains(#"DROP INDEX IF EXISTS "public"."t_pkey""#) })
        #expect(
            try server.psql(
                "SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'p'", "copy")
                == "t_pkey")
    }

    /// A database in whose copy the loading of the table `t` waits for whoever holds the lock 1, and an index over it
    /// for the lock 2. The table `other` is loaded before it, and read after it.
    private func gated(_ server: ThrowawayPostgres, _ more: String) throws -> Recording {
        try server.psql(
            """
            CREATE FUNCTION gate(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
                BEGIN
                    IF current_database() = 'copy' THEN PERFORM pg_advisory_xact_lock_shared($1); END IF;
                    RETURN $1;
                END $$;
            CREATE TABLE t (id integer CHECK (gate(1) = 1), pad text);
            INSERT INTO t VALUES (2);
            \(more);
            CREATE TABLE other AS SELECT 'larger than the other' AS text;
            CREATE DATABASE copy
            """)
        return try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
    }

    /// The sessions that load rows into the copy, and read them back.
    private static let copying = "application_name = 'salvor restore' AND datname = 'copy'"
    private static let indexing = "application_name = 'pg_restore'"

    /// Whether one of these sessions waits for a lock.
    private static func waits(_ sessions: String, for kind: String) -> String {
        """
        SELECT count(*) FROM pg_stat_activity
            WHERE \(sessions) AND wait_event_type = 'Lock' AND wait_event = '\(kind)'
        """
    }

    /// Restores until an index over `t` is being built, and the reader of rows waits for `other`. Then
    /// `body` ends one of them, and both must be gone, although the lock that each waits for is still held.
    private func failing(_ ended: String) throws -> Failure? {
        let server = try ThrowawayPostgres()
        let recording = try gated(server, "CREATE INDEX ON t (gate(id))")
        let holder = try server.session("copy")
        try holder.say("SELECT pg_advisory_lock(1), pg_advisory_lock(2);")
        _ = try holder.hear()
        return #expect(throws: Failure.self) {
            try ThreadScope.run { scope in
                scope.start("restore") { _ = try restore(recording, into: server, jobs: 1) }
                defer { holder.closeInput() }
                try server.wait(Self.waits(Self.copying, for: "advisory"), until: "1")
                try holder.say("BEGIN; LOCK TABLE other; SELECT pg_advisory_unlock(1);")
                try server.wait(Self.waits(Self.copying, for: "relation"), until: "1")
                try server.wait(Self.waits(Self.indexing, for: "advisory"), until: "1")
                try server.psql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(ended)")
                try server.wait(
                    "SELECT count(*) FROM pg_stat_activity WHERE \(Self.copying) OR \(Self.indexing)", until: "0")
            }
            try holder.wait()
        }
    }

    @Test("indexes that fail stop the reading of rows, and are what is told")
    func failsWithIndexes() throws {
        let failure = try failing(Self.indexing)
        #expect(
            failure?.kind == .unreachable && failure?.sentence.hasPrefix("pg_restore could not") == true,
            "\(failure as Any)")
    }

    @Test("rows that cannot be read stop the building of indexes, and are what is told")
    func failsWithRows() throws {
        let failure = try failing(Self.copying)
        #expect(
            failure?.kind == .unreachable && failure?.sentence.hasPrefix("cannot list the tables") == true,
            "\(failure as Any)")
    }

    @Test("a reader who waits for a table's lock stops when he is told, and his session goes on")
    func stopsWaiting() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE TABLE t AS SELECT 1 AS id")
        let connection = try PostgresSession.reading(try server.location("postgres"), database: nil)
        let owner = try server.session("postgres")
        try owner.say("BEGIN; LOCK TABLE t; SELECT 'held';")
        _ = try owner.hear()
        #expect(throws: Failure(.interrupted, "enough")) {
            try connection.beginCopy("COPY public.t TO STDOUT") { throw Failure(.interrupted, "enough") }
        }
        #expect(try connection.value("SELECT 1") == "1")
        owner.closeInput()
        try owner.wait()
    }

    @Test(
        "rows are read while an index is built over them, if at all, and no session that copied them waits for the end",
        arguments: [true, false])
    func readsMeanwhile(isVerified: Bool) throws {
        let server = try ThrowawayPostgres(settings: ["log_statement=all"])
        let recording = try gated(server, "CREATE INDEX ON t (gate(id))")
        let before = try log(server).count
        let holder = try server.session("copy")
        try holder.say("SELECT pg_advisory_lock(2);")
        _ = try holder.hear()
        try ThreadScope.run { scope in
            scope.start("restore") {
                let findings = try restore(recording, into: server, isVerified: isVerified).findings
                #expect(findings == [])
            }
            defer { holder.closeInput() }
            try server.wait(Self.waits(Self.indexing, for: "advisory"), until: "1")
            try server.wait(
                "SELECT count(*) FROM pg_stat_activity WHERE \(Self.copying)", until: "0")
            let read = try log(server).dropFirst(before).filter { $0.contains(" TO STDOUT WITH ") }
            #expect(read.count == (isVerified ? 2 : 0), "\(read)")
        }
        try holder.wait()
    }
}
