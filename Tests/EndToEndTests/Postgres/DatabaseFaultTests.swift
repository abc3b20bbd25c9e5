import DataSources
import Formats
import Glibc
import Platform
import TestDoubles
import Testing

@Suite("A database that goes away")
struct DatabaseFaultTests {
    /// Rows in several tables and partitions, large objects, enough definitions to be cut in the middle of.
    private static let content = """
        CREATE TABLE orders (id int PRIMARY KEY, note text);
        INSERT INTO orders SELECT n, repeat(md5(n::text), 5) FROM generate_series(1, 8000) n;
        CREATE TABLE items (id int REFERENCES orders, n int) PARTITION BY RANGE (n);
        CREATE TABLE items_1 PARTITION OF items FOR VALUES FROM (0) TO (5000);
        CREATE TABLE items_2 PARTITION OF items FOR VALUES FROM (5000) TO (10000);
        INSERT INTO items SELECT n, n FROM generate_series(1, 8000) n;
        SELECT count(lo_from_bytea(0, decode(repeat(md5(n::text), 200), 'hex'))) FROM generate_series(1, 50) n;
        """
    private static let places = 50

    private func backup(_ salvor: Salvor, by directory: String) throws -> Salvor.Result {
        try salvor.run(["backup", "shop=postgres:host=\(directory) user=postgres dbname=shop"])
    }

    private func server() throws -> ThrowawayPostgres {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(Self.content, "shop")
        return server
    }

    /// What the server sends during a backup of which nobody cuts anything.
    private func total(_ server: ThrowawayPostgres) throws -> Int {
        let salvor = try Salvor.withRepository("whole")
        let proxy = try CuttingProxy(to: server.directory.path, after: .max, .all)
        defer { proxy.close() }
        let result = try backup(salvor, by: proxy.directory.path)
        try #require(result.exit == 0, "\(result.said)")
        return proxy.bytes
    }

    /// Sessions but those by which we ask, with their locks.
    private func demandNothingLeft(_ server: ThrowawayPostgres, _ place: String) throws {
        let left = """
            SELECT a.application_name, a.state, a.wait_event, a.query FROM pg_stat_activity a
            WHERE a.backend_type = 'client backend' AND a.application_name <> 'psql'
            """
        // A session that was cut ends when it next looks at its connection.
        var sessions = try server.psql(left)
        for _ in 0..<500 {
            if sessions.isEmpty { break }
            usleep(20_000)
            sessions = try server.psql(left)
        }
        #expect(sessions == "", "\(place): sessions are left")
        #expect(try server.psql("SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid()") == "0", "\(place)")
    }

    /// A snapshot that was made has every definition and every row; the next backup is well.
    private func demandWhole(_ salvor: Salvor, _ server: ThrowawayPostgres, after result: Salvor.Result) throws {
        let listed = try salvor.succeeds("snapshots", "--json").json()["snapshots"]?.whole
        #expect(listed == (result.exit == 0 ? 1 : 0), "\(result.said)")
    }

    @Test(
        "a connection that is cut at any of 50 places ends the backup as unreachable, and no snapshot is made",
        arguments: [true, false])
    func cut(isAll: Bool) throws {
        let server = try server()
        let total = try total(server)
        let salvor = try Salvor("cut")
        for place in 0..<Self.places {
            try salvor.shell("rm -rf repository")
            try salvor.succeeds("init")
            let limit = 1 + place * total / Self.places
            let proxy = try CuttingProxy(to: server.directory.path, after: limit, isAll ? .all : .one)
            let result = try backup(salvor, by: proxy.directory.path)
            let hasCut = proxy.hasCut
            proxy.close()
            let name = "cut after \(limit) of \(total)"
            #expect(hasCut, "\(name)")
            #expect(result.exit == 14 || result.exit == 0 && !isAll, "\(name): \(result.said)")
            if result.exit == 14 { #expect(result.errors.contains("shop"), "\(name): \(result.said)") }
            try demandNothingLeft(server, name)
            try demandWhole(salvor, server, after: result)
        }
        try salvor.succeeds("backup", "shop=postgres:host=\(server.directory.path) user=postgres dbname=shop")
    }

    @Test("a server that is killed at any of 50 places ends the backup as unreachable, and no snapshot is made")
    func serverKilled() throws {
        let server = try server()
        let total = try total(server)
        let salvor = try Salvor("server")
        for place in 0..<Self.places {
            try salvor.shell("rm -rf repository")
            try salvor.succeeds("init")
            let limit = 1 + place * total / Self.places
            let proxy = try CuttingProxy(to: server.directory.path, after: limit, .call { server.stop() })
            let result = try backup(salvor, by: proxy.directory.path)
            proxy.close()
            #expect(result.exit == 14, "killed after \(limit) of \(total): \(result.said)")
            try demandWhole(salvor, server, after: result)
            try server.start()
        }
        try salvor.succeeds("backup", "shop=postgres:host=\(server.directory.path) user=postgres dbname=shop")
    }

    @Test("a backup that is killed at any of 50 places leaves no session, no lock and no snapshot")
    func backupKilled() throws {
        let server = try server()
        let total = try total(server)
        let salvor = try Salvor("killed")
        for place in 0..<Self.places {
            try salvor.shell("rm -rf repository")
            try salvor.succeeds("init")
            let limit = 1 + place * total / Self.places
            let victim = Victim()
            let proxy = try CuttingProxy(to: server.directory.path, after: limit, .call { victim.kill() })
            let run = try ChildProcess(
                [
                    Salvor.binary, "backup",
                    "shop=postgres:host=\(proxy.directory.path) user=postgres dbname=shop",
                ], environment: salvor.environment(), output: .null, errors: .null, directory: salvor.folder.path)
            victim.set(run)
            let ending = try run.wait()
            let name = "killed after \(limit) of \(total)"
            #expect(ending.signal == SIGKILL, "\(name): \(ending.words)")
            try demandNothingLeft(server, name)
            proxy.close()
            #expect(try salvor.succeeds("snapshots", "--json").json()["snapshots"]?.whole == 0)
        }
        try salvor.succeeds("backup", "shop=postgres:host=\(server.directory.path) user=postgres dbname=shop")
    }
}
