import Formats
import Platform
import Reports

/// A throw-away PostgreSQL server in a staging area: only its unix socket leads to it, and nothing leads out of it
/// where the kernel allows that.
///
/// The server is our own child, started without pg_ctl, so that its end is seen and its number is never guessed.
/// One thread uses it. Whoever starts it stops it; the area's removal ends it in any case.
package final class StagedPostgres {
    /// The directory of the socket: `host` in a connection's words.
    package let socketDirectory: String
    /// The number in the socket's name; no TCP port is ever opened.
    package let port = 5432
    /// The first superuser.
    package let superuser: String
    /// Whether the server has a network of its own, with nothing in it.
    package let isIsolated: Bool
    private let area: StagingArea
    private let name: String
    private let settings: StagedServerSettings
    private let user: StagingUser?
    private let isolation: [String]
    private let clock: any Clock
    private var server: ChildProcess?

    /// Sets a server up in `area`, not started yet. `user` is nil when it runs as ourselves; `name` is that of its data
    /// directory in the area, one for each server.
    package init(
        in area: StagingArea, name: String = "pg", settings: StagedServerSettings, user: StagingUser?, clock: any Clock,
        cancellation: any Cancellation
    ) throws {
        self.area = area
        self.name = name
        self.settings = settings
        self.user = user
        self.clock = clock
        superuser = settings.superuser
        try area.makeDirectory(name, for: user)
        try Self.requireReachable(area.path(of: name), user, environment: Self.environment(area), cancellation)
        let socket = try area.makeSocketDirectory("\(name)-socket", for: user, clock: clock)
        socketDirectory = String(decoding: socket, as: UTF8.self)
        isolation = Self.findIsolation(environment: Self.environment(area))
        isIsolated = !isolation.isEmpty
        try initialise(cancellation)
    }

    /// Starts the server and returns when it takes connections.
    package func start(cancellation: any Cancellation) throws {
        let log = try FileDescriptor(appendingTo: logPath)
        var arguments = isolation + (user?.prefix ?? [])
        arguments += ["\(settings.binaries)/postgres", "-D", dataDirectory]
        let own = [
            ("unix_socket_directories", socketDirectory), ("port", String(port)),
            ("cluster_name", "salvor-drill-\(area.identifier)"),
            ("timezone", "UTC"), ("log_timezone", "UTC"), ("lc_messages", "C"),
        ]
        for (name, value) in own + StagedServerSettings.isolation + StagedServerSettings.performance {
            arguments += ["-c", "\(name)=\(value)"]
        }
        let child = try ChildProcess(
            arguments, environment: Self.environment(area), output: .descriptor(log.number),
            errors: .descriptor(log.number), directory: "/")
        server = child
        while !isReady(child) {
            try cancellation.check()
            if let ending = child.endingIfAny() {
                server = nil
                throw outOfRoom()
                    ?? Failure(
                        .failed, "the throw-away PostgreSQL server did not start (\(ending.words))", cause: lastWords())
            }
            Pause.sleep(seconds: 0.01)
        }
    }

    /// Stops the server in order: what it holds is on the device then. Takes as long as that takes.
    package func stopInOrder(cancellation: any Cancellation) throws {
        guard let child = server else { return }
        child.signal(Signal.interrupt, group: false)
        while true {
            try cancellation.check()
            if wait(for: child, seconds: 0.2) { break }
        }
        server = nil
        guard let ending = child.endingIfAny(), ending.succeeded else {
            throw outOfRoom()
                ?? Failure(.failed, "the throw-away PostgreSQL server did not stop in order", cause: lastWords())
        }
    }

    /// Ends the server at once, since nothing of it is needed any more and writing down what is about to be removed is
    /// only waiting; by force if it does not go. It is gone when this returns.
    package func stop() {
        guard let child = server else { return }
        server = nil
        child.signal(Signal.quit, group: false)
        if wait(for: child, seconds: 10) { return }
        child.signal(Signal.kill)
        _ = try? child.wait()
    }

    /// The failure to tell when the server ended by itself; nil while it runs.
    package func unexpectedEnd() -> Failure? {
        guard let ending = server?.endingIfAny() else { return nil }
        return outOfRoom()
            ?? Failure(.failed, "the throw-away PostgreSQL server ended (\(ending.words))", cause: lastWords())
    }

    /// The failure to tell when the server complained of a full device; nil when it did not. It speaks English here.
    package func outOfRoom() -> Failure? {
        guard let log = try? FileTree.read(logPath, limit: 64 << 20),
            let line = String(decoding: log, as: UTF8.self).split(separator: "\n")
                .first(where: { $0.contains("No space left on device") })
        else { return nil }
        return Failure(
            .unverifiable, "there is not enough room in \(printable(area.path)) for the throw-away PostgreSQL server",
            hint: "name a larger file system with --staging", cause: String(line))
    }

    /// The environment of this server's own programs, and of those that the drill starts beside it.
    package static func environment(_ area: StagingArea) -> [String: String] {
        [
            "PATH": Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC",
            area.mark.name: area.mark.value,
        ]
    }

    /// The address of one of its databases for libpq.
    package func url(database: String) -> String { addresses(database) }

    /// The address of each of its databases for libpq, by the database's name.
    var addresses: @Sendable (String) -> String {
        let (user, host, port) = (Self.encoded(superuser), Self.encoded(socketDirectory), port)
        return { "postgresql://\(user)@/\(Self.encoded($0))?host=\(host)&port=\(port)" }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
            return isPlain ? String(scalar) : "%" + Hexadecimal.digits(UInt64(byte), width: 2)
        }.joined()
    }

    /// What a report says about the server.
    package var conditions: [Report.Fact] {
        let network =
            isIsolated
            ? "unix socket only, in a network namespace of its own: nothing leads out"
            : "unix socket only; not in a network of its own, since the kernel did not allow one"
        let listed = StagedServerSettings.performance.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        return [
            Report.Fact("serverUser", "server runs as", user?.name ?? Host.userName()),
            Report.Fact("serverNetwork", "server's network", network),
            Report.Fact("serverSettings", "server's settings", listed + " archive_mode=off wal_level=minimal"),
        ]
    }

    /// The last lines that the server wrote to its log, on one line.
    package func lastWords() -> String {
        guard let log = try? FileTree.read(logPath, limit: 64 << 20) else { return "its log cannot be read" }
        let lines = String(decoding: log.suffix(4000), as: UTF8.self).split(separator: "\n").suffix(6)
        return lines.isEmpty ? "it wrote nothing" : lines.joined(separator: " / ")
    }

    private var dataDirectory: String { text(area.path(of: name)) }
    private var logPath: [UInt8] { area.path(of: "\(name).log") }
    private func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

    // Trusting the socket is enough: whoever reaches it has passed a directory that only the server's user may enter.
    private func initialise(_ cancellation: any Cancellation) throws {
        let outcome = try ChildProcess.run(
            (user?.prefix ?? []) + [
                "\(settings.binaries)/initdb", "--pgdata=\(dataDirectory)", "--username=\(settings.superuser)",
                "--auth-local=trust", "--auth-host=reject", "--encoding=\(settings.encoding)",
                "--locale=\(settings.locale)", "--lc-messages=C",
            ], environment: Self.environment(area), directory: "/", cancellation: cancellation)
        guard outcome.ending.succeeded else {
            throw Failure(
                .unverifiable, "a throw-away PostgreSQL server could not be set up (initdb: \(outcome.ending.words))",
                cause: outcome.complaint)
        }
    }

    /// The server tells in the last line of `postmaster.pid` when it takes connections.
    private func isReady(_ child: ChildProcess) -> Bool {
        guard let file = try? FileTree.read(area.path(of: "\(name)/postmaster.pid"), limit: 4096) else { return false }
        let lines = file.split(separator: 0x0a, omittingEmptySubsequences: false)
        return lines.count >= 8 && lines[0].elementsEqual(String(child.identifier).utf8)
            && lines[7].starts(with: "ready".utf8)
    }

    private func wait(for child: ChildProcess, seconds: Double) -> Bool {
        let deadline = clock.monotonicSeconds() + seconds
        while child.endingIfAny() == nil {
            guard clock.monotonicSeconds() < deadline else { return false }
            Pause.sleep(seconds: 0.005)
        }
        return true
    }

    private static func requireReachable(
        _ path: [UInt8], _ user: StagingUser?, environment: [String: String], _ cancellation: any Cancellation
    ) throws {
        guard let user else { return }
        let probe = try ChildProcess.run(
            user.prefix + ["test", "-w", String(decoding: path, as: UTF8.self)], environment: environment,
            cancellation: cancellation)
        guard probe.ending.succeeded else {
            throw Failure(
                .unverifiable,
                "the user \(user.name), as whom the throw-away server runs, cannot reach \(printable(path))",
                hint: "name a directory with --staging that every user may pass through, such as /var/tmp",
                cause: probe.errors.isEmpty ? nil : probe.complaint)
        }
    }

    /// The words that start a program without network and without shared System V memory; none where that is not
    /// allowed.
    private static func findIsolation(environment: [String: String]) -> [String] {
        let mapping = Host.userID == 0 ? [] : ["--user", "--map-current-user"]
        let words = ["unshare"] + mapping + ["--net", "--ipc", "--"]
        let probe = try? ChildProcess.run(words + ["true"], environment: environment)
        return probe?.ending.succeeded == true ? words : []
    }
}
