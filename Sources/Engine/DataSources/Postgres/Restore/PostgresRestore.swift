import Formats
import Platform

/// Rebuilds databases of a snapshot in a server: roles, definitions, rows, sequences, large objects, statistics.
///
/// Nothing is made that reaches out of the server: subscriptions are left out, and tablespaces, whose directories
/// belong to another machine.
package struct PostgresRestore: Sendable {
    /// How to restore.
    package struct Options: Sendable {
        /// How many sessions work at the same time.
        package var jobs = 2
        /// Drop a database of the same name first.
        package var overwrite = false
        /// Make the roles that are missing.
        package var globals = false
        /// Go as far as the server can when the preflight finds something in the way that does not forbid everything.
        package var ignoresPreflight = false
        /// The key of the row hashes, to read everything back and compare it with the manifest; nil does not.
        package var verificationKey: [UInt8]?
        /// Where `pg_restore` is; nil looks for it.
        package var binariesDirectory: String?
        /// What is restored, in one word: only a run for the same may start an unfinished restore over.
        package var restored = "a snapshot"
        /// A directory for the schema archive while it is being used, in a file without a name.
        package var workDirectory: String

        /// Makes options with the given work directory.
        package init(workDirectory: String) { self.workDirectory = workDirectory }
    }

    let tree: any CapturedTree
    let manifest: PostgresManifest
    /// The databases to restore, and the name that each gets.
    let databases: [(source: PostgresDatabaseManifest, name: String)]
    let place: PostgresLocation
    let options: Options
    let clock: any Clock
    let cancellation: any Cancellation

    /// Plans a restore of the databases `names` (nil: all that the snapshot holds) into the server at `place`.
    /// A database that `place` names is the new name of the only one; without it each keeps its own.
    package init(
        _ tree: any CapturedTree, databases names: [String]? = nil, into place: PostgresLocation, options: Options,
        clock: any Clock = SystemClock(), cancellation: any Cancellation = NeverCancelled()
    ) throws {
        self.tree = tree
        self.place = place
        self.options = options
        self.clock = clock
        self.cancellation = cancellation
        let manifest = try PostgresManifest(tree.manifest())
        self.manifest = manifest
        let wanted =
            try names.map { names in
                try names.map { name in
                    guard let found = manifest.databases.first(where: { $0.name == name }) else {
                        throw Failure(
                            .usage, "the snapshot holds no database \(name)",
                            hint: "it holds " + manifest.databases.map(\.name).joined(separator: ", "))
                    }
                    return found
                }
            } ?? manifest.databases
        if wanted.count > 1, let name = place.database {
            throw Failure(
                .usage, "\(wanted.count) databases cannot be restored into the one database \(name)",
                hint: "name the server without a database, or one database of the snapshot")
        }
        databases = wanted.map { ($0, place.database ?? $0.name) }
    }

    /// Finds PostgreSQL's programs for a restore into the server at `place`, which remembers them: for a time in which
    /// the snapshot is not at hand yet. What fails here fails in the restore again, and is told there.
    package static func prepare(into place: PostgresLocation, binariesDirectory: String? = nil) {
        _ = PostgresEnvironment.boundToUs
        guard let entrance = try? Self.entrance(place) else { return }
        for programs in [PostgresBinaries.restorePrograms, PostgresBinaries.comparisonPrograms] {
            _ = try? PostgresBinaries.find(
                major: entrance.serverVersion / 10_000, programs: programs, given: binariesDirectory)
        }
    }

    /// The names that the databases have in the snapshot.
    package var sourceNames: [String] { databases.map(\.source.name) }

    /// Looks at the server as `run` would, and makes nothing. Throws (`.refused`) what is in the way, all at once;
    /// answers what is worth knowing.
    package func preflight() throws -> [Finding] {
        let preparation = try PostgresPreparation(self)
        return try preparation.demandReady()
    }

    /// Runs it. Throws when something is in the way (`.refused`), before anything is made; what fails after that, for
    /// one object, is a finding.
    package func run() throws -> PostgresRestoreOutcome {
        var outcome = PostgresRestoreOutcome()
        let preparation = try PostgresPreparation(self)
        let entrance = preparation.entrance
        outcome.serverVersion = try telling("cannot ask the server") { try entrance.value("SHOW server_version") }
        try PostgresClaim.take(databases.map(\.name), with: entrance, clock: clock, cancellation: cancellation)
        try timed("preflight", &outcome) { outcome in outcome.findings += try preparation.demandReady() }
        if options.globals, manifest.hasGlobals {
            try timed("roles", &outcome) { outcome in
                outcome.findings += try PostgresRoles.restore(preparation.globals, with: entrance)
            }
        }
        let targets = databases.indices.map { target($0, entrance) }
        for (index, (source, name)) in databases.enumerated() {
            try cancellation.check()
            if options.overwrite, try targets[index].exists() {
                // What is there is dropped next: not for a snapshot that cannot be read.
                try timed("reading ahead", &outcome) { _ in try readThrough(source) }
            }
            try timed("create", &outcome) { outcome in
                outcome.findings += try targets[index].make(overwrite: options.overwrite)
            }
            let archive = preparation.archives[index]
            let sessions = PostgresWorkers(place, database: name, making: PostgresSession.writing)
            try fill(source, sessions, name, archive, &outcome)
            try PostgresCompletion(
                restore: self, source: source, name: name, archive: archive, sessions: sessions
            ).run(&outcome)
            outcome.databases.append(name)
        }
        try timed("settings", &outcome) { outcome in
            outcome.findings += try PostgresTarget.settle(targets, with: entrance)
        }
        outcome.tables.sort { $0.seconds > $1.seconds }
        return outcome
    }

    /// Reads all rows of a database, and throws what cannot be read.
    private func readThrough(_ source: PostgresDatabaseManifest) throws {
        let folder = [Array(source.directory.utf8)]
        let tables = source.tables.map { (folder + [Array("tables".utf8), Array($0.directory.utf8)], $0.parts) }
        let objects = source.largeObjects.map { [(folder + [Array("large-objects".utf8)], $0.parts)] } ?? []
        for (path, parts) in tables + objects {
            for part in 0..<parts {
                let name = PostgresDatabaseCapture.partName(part, of: parts)
                try tree.read(path + [Array(name.utf8)]) { _ in try cancellation.check() }
            }
        }
    }

    private func fill(
        _ source: PostgresDatabaseManifest, _ sessions: PostgresWorkers, _ name: String, _ archive: PostgresArchive?,
        _ outcome: inout PostgresRestoreOutcome
    ) throws {
        if let archive {
            try timed("definitions", &outcome) { outcome in
                outcome.findings += try archive.restore(section: "pre-data")
            }
        }
        try timed("rows", &outcome) { outcome in
            let loader = PostgresRowLoader(
                tree: tree, source: source, sessions: sessions, database: name, jobs: options.jobs,
                isVerified: options.verificationKey != nil, clock: clock, cancellation: cancellation)
            let (tables, findings) = try loader.run()
            outcome.tables += tables
            outcome.findings += findings
        }
        try timed("sequences", &outcome) { outcome in
            let connection = try sessions.take()
            outcome.findings += PostgresSequence.restore(source.sequences, with: connection)
            sessions.giveBack(connection)
        }
    }

    /// One of the databases as it will be in the server.
    func target(_ index: Int, _ entrance: PostgresConnection) -> PostgresTarget {
        PostgresTarget(
            databases[index].source.facts, name: databases[index].name, entrance: entrance, place: place,
            mark: PostgresMark(restored: options.restored))
    }

    /// The server's session in no database in particular.
    static func entrance(_ place: PostgresLocation) throws -> PostgresConnection {
        do { return try PostgresSession.writing(place, database: "postgres") } catch {
            guard let other = try? PostgresSession.writing(place, database: "template1") else { throw error }
            return other
        }
    }

    private func timed(
        _ stage: String, _ outcome: inout PostgresRestoreOutcome, _ body: (inout PostgresRestoreOutcome) throws -> Void
    ) throws {
        let start = clock.monotonicSeconds()
        defer { outcome.add(clock.monotonicSeconds() - start, to: stage) }
        try body(&outcome)
    }
}
