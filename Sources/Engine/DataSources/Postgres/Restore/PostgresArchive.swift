import Platform

/// The schema archive of one database in a private file, and `pg_restore` over it.
struct PostgresArchive {
    var binaries: PostgresBinaries
    var place: PostgresLocation
    var database: String
    var jobs: Int
    var cancellation: any Cancellation
    /// `pg_restore` reads the archive with several sessions, so it cannot be a pipe.
    private let file: PostgresPrivateFile
    private let chosen: PostgresPrivateFile

    private var path: String { file.path }
    private var listPath: String { chosen.path }

    /// Makes its private files in a directory.
    init(
        binaries: PostgresBinaries, place: PostgresLocation, database: String, jobs: Int, directory: String,
        cancellation: any Cancellation
    ) throws {
        self.binaries = binaries
        self.place = place
        self.database = database
        self.jobs = jobs
        self.cancellation = cancellation
        file = try PostgresPrivateFile(in: directory)
        chosen = try PostgresPrivateFile(in: directory)
    }

    /// Takes the archive out of the snapshot.
    func fetch(from tree: any CapturedTree, _ source: [[UInt8]]) throws {
        try tree.read(source) { piece in try file.append(piece) }
    }

    /// What is in the archive.
    func list(section: String? = nil) throws -> PostgresArchiveList {
        PostgresArchiveList(try printed(["--list"] + (section.map { ["--section=\($0)"] } ?? [])))
    }

    /// The roles that the definitions name, or those of some of them.
    func roles(of items: [PostgresArchiveList.Item]? = nil) throws -> Set<String> {
        if let items { try choose(items) }
        let child = try ChildProcess(
            [binaries.path("pg_restore"), "--file=-", "--no-subscriptions"]
                + (items == nil ? [] : ["--use-list=\(listPath)"]) + [path],
            environment: PostgresEnvironment.local(marks: place.marks), output: .pipe, errors: .null)
        defer { if child.endingIfAny() == nil { child.stop() } }
        var names = PostgresRoleNames()
        var text = Buffer(capacity: 64 << 10)
        while try child.readOutput(into: &text, idle: cancellation.check) > 0 {
            names.read(text.bytes)
            text.clear()
        }
        let ending = try child.wait(idle: cancellation.check)
        guard ending.succeeded else {
            throw Failure(.failed, "pg_restore cannot read the definitions of \(database) (\(ending.words))")
        }
        return names.finish()
    }

    /// The SQL of one entry.
    func text(of item: PostgresArchiveList.Item, more: [String] = []) throws -> String {
        try choose([item])
        return try printed(["--use-list=\(listPath)", "--file=-", "--no-tablespaces", "--no-subscriptions"] + more)
    }

    /// Every object with what it depends on.
    func objects(_ list: PostgresArchiveList) throws -> [PostgresArchiveObject] {
        let numbers = Set(list.items.compactMap(\.number))
        return PostgresArchiveObject.read(try printed(["--verbose", "--file=-"]), numbers: numbers)
    }

    /// The primary keys and unique constraints among some entries that can be made in two steps, by their numbers. One
    /// program prints them all: there may be as many as tables.
    func uniqueIndexes(_ items: [PostgresArchiveList.Item]) throws -> [Int: PostgresUniqueIndex] {
        try choose(items)
        let text = try printed(["--verbose", "--use-list=\(listPath)", "--file=-", "--no-tablespaces"])
        return PostgresUniqueIndex.read(Array(text.utf8), items: items)
    }

    private func printed(_ more: [String]) throws -> String {
        let outcome = try ChildProcess.run(
            [binaries.path("pg_restore")] + more + [path], environment: PostgresEnvironment.local(marks: place.marks),
            limit: 1 << 30,
            cancellation: cancellation)
        guard outcome.ending.succeeded else {
            throw Failure(
                .failed, "pg_restore cannot read the definitions of \(database) (\(outcome.ending.words))",
                cause: outcome.complaint)
        }
        return String(decoding: outcome.output, as: UTF8.self)
    }

    private func choose(_ items: [PostgresArchiveList.Item]) throws {
        try chosen.replace(with: PostgresArchiveList.file(items))
    }

    /// Restores one section; what the server refused is a finding each, and the rest goes on.
    func restore(section: String) throws -> [Finding] { try restoring(section: section, choosing: nil).findings }

    /// The same for chosen entries alone; answers all that `pg_restore` said, too.
    func restoring(
        section: String, choosing items: [PostgresArchiveList.Item]?
    ) throws -> (findings: [Finding], said: String) {
        var words =
            PostgresEnvironment.boundToUs + [
                binaries.path("pg_restore"), "--dbname", place.conninfo(database: database), "--section=\(section)",
                "--no-password", "--no-tablespaces", "--no-subscriptions",
            ]
        if let items {
            try choose(items)
            words.append("--use-list=\(listPath)")
        }
        if section == "post-data", jobs > 1 { words.append("--jobs=\(jobs)") }
        let outcome = try ChildProcess.run(
            words + [path],
            environment: PostgresEnvironment.connecting(
                options: Self.settings(jobs).map { "-c \($0.name)=\($0.value)" }.joined(separator: " "),
                marks: place.marks),
            cancellation: cancellation)
        let said = String(decoding: outcome.errors, as: UTF8.self)
        let findings = Self.findings(said, database: database)
        if !outcome.ending.succeeded, findings.isEmpty {
            // A server that is gone is unreachable, as for every other program of PostgreSQL.
            throw PostgresComplaint(said).failure(
                "pg_restore could not restore the definitions of \(database) (\(outcome.ending.words))")
        }
        return (findings, said)
    }

    /// Building indexes is what a restore waits for: give it memory, and no wait for the disk after each statement.
    private static func settings(_ jobs: Int) -> [(name: String, value: String)] {
        [
            ("maintenance_work_mem", "256MB"), ("synchronous_commit", "off"),
            ("max_parallel_maintenance_workers", String(max(0, jobs - 1))),
        ]
    }

    /// Takes what `pg_restore` complains of apart: `ERROR:` says what is wrong, `Command was:` on which object.
    /// Of the command no more than its first four words are shown, which name an object: the definition of a user
    /// mapping holds a password.
    static func findings(_ text: String, database: String) -> [Finding] {
        var findings: [Finding] = []
        let error = "could not execute query: ERROR:"
        let command = "Command was: "
        for line in text.split(separator: "\n") {
            if let mark = line.firstRange(of: error) {
                let words = line[mark.upperBound...].drop { $0 == " " }
                findings.append(Finding(.missing, "\(database): definitions", String(words)))
            } else if line.hasPrefix(command), !findings.isEmpty {
                findings[findings.count - 1].object = "\(database): \(object(of: line.dropFirst(command.count)))"
            }
        }
        return findings
    }

    /// What a command is about, in its first four words.
    static func object(of command: some StringProtocol) -> String {
        let line = command.prefix { $0 != "\n" }
        return line.prefix { $0 != "(" && $0 != ";" }.split(separator: " ").prefix(4).joined(separator: " ")
    }
}
