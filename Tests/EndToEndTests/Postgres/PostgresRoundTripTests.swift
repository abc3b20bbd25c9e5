import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Databases come back")
struct PostgresRoundTripTests {
    /// What psql says of every table: its name, its rows, and a checksum of them in any order.
    private static let contents = """
        SELECT format('SELECT %L, count(*), coalesce(sum((''x'' || substr(md5(t::text), 1, \
        15))::bit(60)::bigint::numeric), 0) FROM %s t', c.oid::regclass, c.oid::regclass)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND n.nspname !~ '^pg_toast'
        ORDER BY 1
        \\gexec
        SELECT sequencename, last_value FROM pg_sequences ORDER BY 1;
        SELECT count(*), coalesce(sum(length(lo_get(oid))), 0),
            coalesce(string_agg(md5(lo_get(oid)), ',' ORDER BY oid), '')
            FROM pg_largeobject_metadata;
        """

    private func address(_ server: ThrowawayPostgres, _ database: String) -> String {
        "postgres:host=\(server.directory.path) user=postgres dbname=\(database)"
    }

    private func comesBack(_ database: String, _ source: ThrowawayPostgres, _ salvor: Salvor) throws {
        let target = try ThrowawayPostgres()
        try salvor.succeeds("restore", "latest:\(database)", "--into", address(target, database))
        #expect(try target.schema(database) == source.schema(database))
        #expect(try target.psql(Self.contents, database) == source.psql(Self.contents, database))
        // A database that holds something is not touched.
        try salvor.fails(9, "restore", "latest:\(database)", "--into", address(target, database))
        // As files, it is loaded by psql alone; here it is enough that the rows are there.
        try salvor.succeeds("restore", "latest:\(database)", "--target", "\(salvor.folder.path)/files-\(database)")
        #expect(try salvor.shell("find files-\(database) -name '*.copy' | wc -l").dropLast() != "0")
    }

    @Test("a database with everything in it comes back as pg_dump and psql see it")
    func features() throws {
        let salvor = try Salvor.withRepository("pg")
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        let script = try FileTree.read(Array("\(Salvor.top)/Tests/EndToEndTests/shop.sql".utf8), limit: 1 << 20)
        try server.psql(String(decoding: script, as: UTF8.self), "shop")
        try salvor.succeeds("backup", "shop=" + address(server, "shop"))
        try comesBack("shop", server, salvor)
    }

    @Test("a pgbench database comes back, and its second backup stores next to nothing")
    func pgbench() throws {
        let salvor = try Salvor.withRepository("pg")
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE bench")
        let made = try ChildProcess.run(
            [
                server.binaries.path("pgbench"), "-i", "-q", "-s", "2", "-h", server.directory.path, "-U", "postgres",
                "bench",
            ],
            environment: Environment.withoutSecrets())
        try #require(made.ending.succeeded, "\(made.complaint)")
        try salvor.succeeds("backup", "bench=" + address(server, "bench"))
        let again = try salvor.succeeds("backup", "--json", "bench=" + address(server, "bench")).json()
        let stored = try #require(again["bytesStored"]?.whole)
        #expect(stored < 64 << 10, "an idle database stores \(stored) bytes")
        try comesBack("bench", server, salvor)
    }

    @Test("a table that a role may not read is named, and the rest is saved: exit 3")
    func noRights() throws {
        let salvor = try Salvor.withRepository("pg")
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(
            """
            CREATE ROLE clerk LOGIN;
            CREATE TABLE open_shelf AS SELECT generate_series(1, 100) AS n;
            CREATE TABLE safe AS SELECT generate_series(1, 100) AS n;
            GRANT SELECT ON open_shelf TO clerk;
            """, "shop")
        let location = "shop=postgres:host=\(server.directory.path) user=clerk dbname=shop"
        try salvor.fails(3, naming: ["safe"], "backup", location)
        let listed = try salvor.succeeds("ls", "latest").output
        #expect(listed.contains("open_shelf"), "\(listed)")
    }
}
