import DataSources
import Glibc
import Platform

/// A real PostgreSQL server for one test: made from nothing, reached by a unix socket alone, gone afterwards.
///
/// Where the programs are missing it throws, so that a test that needs a server fails and is never skipped.
package final class ThrowawayPostgres: Sendable {
    /// The directory of its socket.
    package let directory: TemporaryFolder
    /// The programs that it was made with.
    package let binaries: PostgresBinaries
    private let wrapper: [String]

    /// Makes and starts a server whose superuser is `postgres`. `settings` are `name=value`; `extensions` is a folder
    /// with the files of extensions that the machine does not have.
    package init(
        settings: [String] = [], encoding: String = "UTF8", locale: String = "C.UTF-8", extensions: String? = nil
    ) throws {
        let folder = try TemporaryFolder("pg")
        directory = folder
        let programs = PostgresBinaries.serverPrograms + ["psql", "pg_dumpall"]
        let installed = try PostgresBinaries.find(major: 12, programs: programs)
        let own = try extensions.map {
            try PostgresInstallation.make(in: folder.path + "/install", from: installed, extensions: $0)
        }
        binaries = try own.map { try PostgresBinaries.find(major: 12, programs: programs, given: $0) } ?? installed
        wrapper = try Self.giveAway(folder)
        try run(
            "initdb", "--pgdata=\(data)", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=\(encoding)",
            "--locale=\(locale)")
        try start(settings)
    }

    /// Makes and starts a server that follows `primary` by streaming, and answers questions meanwhile.
    package init(standbyOf primary: ThrowawayPostgres, settings: [String] = []) throws {
        let folder = try TemporaryFolder("standby")
        directory = folder
        binaries = primary.binaries
        wrapper = try Self.giveAway(folder)
        try run(
            "pg_basebackup", "--pgdata=\(data)", "--host=\(primary.directory.path)", "--username=postgres",
            "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        try start(settings)
    }

    deinit { stop() }

    /// PostgreSQL refuses to run as root: the folder goes to another user. Answers the words that make a program his.
    private static func giveAway(_ folder: TemporaryFolder) throws -> [String] {
        guard Host.userID == 0 else { return [] }
        guard let account = Accounts.userNumbers(named: "postgres") else {
            throw Failure(.failed, "there is no user postgres to run a server as")
        }
        let path = CString(folder.path)
        let done = unsafe chown(path.pointer, account.user, account.group) == 0 && chmod(path.pointer, 0o755) == 0
        if !done { throw Failure.system("give away", folder.path) }
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    }

    private var data: String { directory.path + "/data" }

    /// Starts the server, waits until it answers.
    package func start(_ settings: [String] = []) throws {
        let fixed = [
            "listen_addresses=", "unix_socket_directories=\(directory.path)", "fsync=off", "full_page_writes=off",
            "autovacuum=off", "shared_buffers=32MB", "max_connections=40",
        ]
        let options = (fixed + settings).map { "-c \($0)" }.joined(separator: " ")
        try run("pg_ctl", "start", "--wait", "--pgdata=\(data)", "--log=\(directory.path)/log", "--options=\(options)")
    }

    /// Ends the server at once.
    package func stop() {
        _ = try? run("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata=\(data)")
    }

    /// The location of a database, as a user would write it.
    package func location(_ database: String, user: String = "postgres", more: String = "") throws -> PostgresLocation {
        try PostgresLocation("postgres:host=\(directory.path) user=\(user) dbname=\(database)\(more)")
    }

    /// Runs SQL with psql, which stops at the first error; answers what it prints, without headings.
    @discardableResult
    package func psql(_ sql: String, _ database: String = "postgres", user: String = "postgres") throws -> String {
        let outcome = try ChildProcess.run(
            [
                binaries.path("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                "--set=ON_ERROR_STOP=1", "--dbname=host=\(directory.path) user=\(user) dbname='\(database)'",
            ], environment: environment, input: Array(sql.utf8))
        guard outcome.ending.succeeded else { throw Failure(.failed, "psql refused the SQL", cause: outcome.complaint) }
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").joined(separator: "\n")
    }

    /// Starts a psql of its own, whose standard input the caller feeds.
    package func session(_ database: String) throws -> ChildProcess {
        try ChildProcess(
            [
                binaries.path("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                "--dbname=host=\(directory.path) user=postgres dbname='\(database)'",
            ],
            environment: environment, input: .pipe, output: .pipe, errors: .inherited)
    }

    /// Asks again and again until the answer is the wanted one.
    package func wait(_ sql: String, _ database: String = "postgres", until wanted: String) throws {
        while try psql(sql, database) != wanted { usleep(20_000) }
    }

    /// What `pg_dump --schema-only` says of a database, without comments and what is random.
    package func schema(_ database: String, _ more: String...) throws -> String {
        let outcome = try ChildProcess.run(
            [binaries.path("pg_dump"), "--schema-only", "--host=\(directory.path)", "--username=postgres", database]
                + more,
            environment: environment)
        guard outcome.ending.succeeded else { throw Failure(.failed, "pg_dump failed", cause: outcome.complaint) }
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("\\restrict") && !$0.hasPrefix("\\unrestrict") && !$0.hasPrefix("--") }
            .joined(separator: "\n")
    }

    private var environment: [String: String] {
        Environment.withoutSecrets().filter { !$0.key.hasPrefix("PG") }
    }

    private func run(_ program: String, _ arguments: String...) throws {
        let outcome = try ChildProcess.run(
            wrapper + [binaries.path(program)] + arguments, environment: environment, directory: "/")
        guard outcome.ending.succeeded else {
            throw Failure(.failed, "\(program) failed (\(outcome.ending.words))", cause: outcome.complaint)
        }
    }
}

extension ChildProcess {
    /// Sends a line to the standard input.
    package func say(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        try write(bytes.span)
    }

    /// What comes next on the standard output.
    package func hear() throws -> String {
        var buffer = Buffer(capacity: 4096)
        _ = try readOutput(into: &buffer)
        return String(decoding: buffer.array(), as: UTF8.self)
    }
}
