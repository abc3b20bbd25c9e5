import Drills
import Glibc
import Platform
import Testing

/// A real server that nobody else can reach, and that leaves nothing.
struct StagedPostgresTests {
    @Test("it starts, answers on its socket alone, has the safe settings, starts again, and leaves nothing")
    func comesAndGoes() throws {
        let ground = try StagingGround()
        let area = try ground.area()
        let server = try start(in: area)
        #expect(
            try ask(server, "select current_user || ' ' || current_setting('cluster_name')")
                == "boss salvor-drill-\(area.identifier)")
        for (setting, value) in [
            ("listen_addresses", ""), ("archive_mode", "off"), ("fsync", "on"), ("full_page_writes", "on"),
            ("max_logical_replication_workers", "0"), ("max_wal_senders", "0"), ("unix_socket_permissions", "0700"),
        ] {
            #expect(try ask(server, "select current_setting('\(setting)')") == value, "\(setting)")
        }
        // Looked at from inside the server's network namespace.
        let look = "cat /proc/net/tcp /proc/net/tcp6 /proc/net/dev >net"
        #expect(try ask(server, "copy (select 1) to program '\(look)'") == "COPY 1")
        let network = String(decoding: try FileTree.read(area.path(of: "pg/net"), limit: 1 << 16), as: UTF8.self)
        let listening = network.split(separator: "\n").filter { $0.contains(" 0A ") }
        if server.isIsolated {
            #expect(listening.isEmpty)
            #expect(network.split(separator: "\n").filter { $0.contains(":") && $0.contains("lo") }.count == 1)
            #expect(!network.contains("eth0"))
        }
        #expect(Host.userID != 0 || server.isIsolated)
        #expect(try FileStatus(of: Array(server.socketDirectory.utf8), following: false).permissions == 0o700)
        try server.stopInOrder(cancellation: NeverCancelled())
        try server.start(cancellation: NeverCancelled())
        #expect(try ask(server, "select 1") == "1")
        server.stop()
        let removal = area.remove()
        #expect(removal.problems.isEmpty)
        #expect(removal.endedProcesses == 0)
        #expect(try ground.names().isEmpty)
    }

    @Test("a staging directory that lies too deep for a socket gets a short path, and that goes away too")
    func findsAShortSocketPath() throws {
        let ground = try StagingGround(below: String(repeating: "d", count: 120))
        let area = try ground.area()
        let server = try start(in: area)
        #expect("\(server.socketDirectory)/.s.PGSQL.65535".utf8.count <= 100)
        #expect(server.socketDirectory.contains(area.identifier))
        #expect(try ask(server, "select 1") == "1")
        let socket = Array(server.socketDirectory.utf8)
        server.stop()
        #expect(area.remove().problems.isEmpty)
        #expect(throws: Failure.self) { try Directory(socket) }
        #expect(try ground.names().isEmpty)
    }

    @Test("an area that is removed under a running server ends the server first")
    func endsWithItsArea() throws {
        let ground = try StagingGround()
        let area = try ground.area()
        let server = try start(in: area)
        let removal = area.remove()
        #expect(removal.endedProcesses > 0)
        #expect(removal.problems.isEmpty)
        #expect(server.unexpectedEnd() != nil)
        #expect(try ground.names().isEmpty)
    }

    @Test("a server that cannot start is told in its own words")
    func tellsWhyItDoesNotStart() throws {
        let ground = try StagingGround()
        let area = try ground.area()
        let server = try start(in: area)
        server.stop()
        try FileTree.write(Array("99\n".utf8), to: area.path(of: "pg/PG_VERSION"), mode: 0o644)
        let chmod = ["chmod", "644", String(decoding: area.path(of: "pg/PG_VERSION"), as: UTF8.self)]
        _ = try ChildProcess.run(chmod, environment: Environment.withoutSecrets())
        do {
            try server.start(cancellation: NeverCancelled())
            Issue.record("it started")
        } catch { #expect(Failure(error).cause?.contains("incompatible") == true) }
        #expect(area.remove().problems.isEmpty)
    }

    @Test("a directory that the server's user cannot reach is refused with a remedy, before anything is set up")
    func needsAReachableDirectory() throws {
        guard let user = try StagingUser.choose(named: nil) else { return }
        let ground = try StagingGround()
        try Directory(ground.path).permit(0o700)
        let area = try ground.area()
        do {
            _ = try StagedPostgres(
                in: area, settings: StagingGround.settings(), user: user, clock: SystemClock(),
                cancellation: NeverCancelled())
            Issue.record("it was set up")
        } catch {
            #expect(Failure(error).kind == .unverifiable)
            #expect(Failure(error).hint?.contains("--staging") == true)
        }
        #expect(area.remove().problems.isEmpty)
    }

    private func start(in area: StagingArea) throws -> StagedPostgres {
        let server = try StagedPostgres(
            in: area, settings: StagingGround.settings(), user: StagingUser.choose(named: nil), clock: SystemClock(),
            cancellation: NeverCancelled())
        try server.start(cancellation: NeverCancelled())
        return server
    }

    private func ask(_ server: StagedPostgres, _ query: String) throws -> String {
        let outcome = try ChildProcess.run(
            ["psql", "-XAtc", query, server.url(database: "postgres")],
            environment: Environment.withoutSecrets())
        #expect(outcome.ending.succeeded, "\(outcome.complaint)")
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").joined(separator: "\n")
    }
}
