import DataSources
import Formats
import Glibc
import Platform
import TestDoubles
import Testing

@Suite("A restore into a server that is killed")
struct RestoreKillTests {
    private static let content = """
        CREATE ROLE clerk LOGIN PASSWORD 'secret' CONNECTION LIMIT 3; ALTER ROLE clerk SET work_mem = '5MB';
        COMMENT ON DATABASE shop IS 'the shop'; ALTER DATABASE shop SET statement_timeout = '1h';
        CREATE TABLE orders (id int PRIMARY KEY, note text); ALTER TABLE orders OWNER TO clerk;
        INSERT INTO orders SELECT n, repeat(md5(n::text), 5) FROM generate_series(1, 8000) n;
        CREATE TABLE items (id int REFERENCES orders, n bigserial); CREATE INDEX ON items (n);
        INSERT INTO items SELECT n FROM generate_series(1, 8000) n;
        CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM items; CREATE INDEX ON orders (note);
        SELECT count(lo_from_bytea(0, decode(repeat(md5(n::text), 200), 'hex'))) FROM generate_series(1, 20) n;
        """
    private static let places = 26

    /// All that psql sees of the database and of the role, but for the rows' order.
    private func picture(_ server: ThrowawayPostgres) throws -> String {
        try server.schema("shop")
            + server.psql(
                """
                SELECT sum(id), md5(string_agg(note, '' ORDER BY id)) FROM orders; SELECT sum(id), sum(n) FROM items;
                SELECT * FROM counted; SELECT last_value, is_called FROM items_n_seq;
                SELECT md5(string_agg(md5(lo_get(oid)), '' ORDER BY oid)) FROM pg_largeobject_metadata;
                SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datacl,
                    shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'shop';
                SELECT setconfig FROM pg_db_role_setting ORDER BY 1;
                SELECT rolname, rolcanlogin, rolconnlimit, rolpassword FROM pg_authid WHERE rolname = 'clerk';
                SELECT count(*) FROM pg_index WHERE NOT indisvalid;
                """, "shop")
    }

    private func words(_ directory: String) -> [String] {
        [
            "restore", "latest:shop", "--globals", "--verify", "--into",
            "postgres:host=\(directory) user=postgres dbname=shop",
        ]
    }

    /// Databases, sessions and files that should not be there.
    private func demandNothingLeft(_ server: ThrowawayPostgres, _ temporary: String, _ place: String) throws {
        #expect(
            try server.psql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database")
                == "postgres shop template0 template1", "\(place)")
        try server.wait(
            """
            SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
            """, until: "0")
        #expect(try Directory(Array(temporary.utf8)).names() == [], "\(place): files are left")
    }

    @Test("it leaves nothing but what the next run starts over: killed at any of 26 places, it ends equal")
    func startsOver() throws {
        let source = try ThrowawayPostgres()
        try source.psql("CREATE DATABASE shop")
        try source.psql(Self.content, "shop")
        let salvor = try Salvor.withRepository("kill")
        try salvor.succeeds("backup", "shop=postgres:host=\(source.directory.path) user=postgres dbname=shop")
        let wanted = try picture(source)
        let temporary = salvor.folder.path + "/temporary"
        try salvor.shell("mkdir temporary")
        let environment = ["TMPDIR": temporary]
        let target = try ThrowawayPostgres()
        let counting = try CuttingProxy(to: target.directory.path, after: .max, .all)
        let whole = try salvor.run(words(counting.directory.path), environment)
        let total = counting.bytes
        counting.close()
        try #require(whole.exit == 0, "\(whole.said)")
        #expect(try picture(target) == wanted)
        var unfinished = 0
        for place in 0..<Self.places {
            try target.psql("DROP DATABASE shop")
            try target.psql("DROP ROLE IF EXISTS clerk")
            // Every other time the database is there, and empty.
            if place % 2 == 1 { try target.psql("CREATE DATABASE shop") }
            let limit = 1 + place * total / Self.places
            let victim = Victim()
            let proxy = try CuttingProxy(to: target.directory.path, after: limit, .call { victim.kill() })
            let run = try ChildProcess(
                [Salvor.binary] + words(proxy.directory.path),
                environment: salvor.environment().merging(environment) { $1 }, output: .null, errors: .null,
                directory: salvor.folder.path)
            victim.set(run)
            let ending = try run.wait()
            let name = "killed after \(limit) of \(total)"
            #expect(ending.signal == SIGKILL, "\(name): \(ending.words)")
            let marked = try target.psql(
                "SELECT count(*) FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE 'salvor restore %'")
            if marked == "1" { unfinished += 1 }
            let next = try salvor.run(words(target.directory.path), environment)
            proxy.close()
            #expect(next.exit == 0, "\(name): \(next.said)")
            #expect(try picture(target) == wanted, "\(name)")
            try demandNothingLeft(target, temporary, name)
        }
        #expect(unfinished >= 12, "\(unfinished) databases were left unfinished")
    }
}
