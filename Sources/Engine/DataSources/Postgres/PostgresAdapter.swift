import Entries
import Formats
import Platform

/// Reads the databases of a PostgreSQL server, each under one snapshot of its own.
///
/// Under the source's root lie `globals.sql` (roles), `roles.sql` (the same for psql) and one directory a database:
///
///     <db>/README                                  how psql alone rebuilds it
///     <db>/restore.sql, create.sql, …-data*.sql    the SQL for that, definitions among it
///     <db>/schema.dump                             all definitions, an archive for pg_restore
///     <db>/tables/<schema>.<table>/part-0000.copy  the rows, as COPY text
///     <db>/large-objects/part-0000.copy            the pages of all large objects: oid, page, bytes
///     <db>/sequences.json, sequences.sql           where the sequences stand
///     <db>/cuts.json                               how finely the rows are cut, for the next night
///     <db>/manifest.json                           what the database said of itself
///
/// Databases are consistent each by itself; their snapshots are taken right after one another.
package struct PostgresAdapter: SourceAdapter {
    package static let name = "postgres"
    package static let summary = "postgres://HOST/DATABASE"

    /// Where the databases are.
    package let place: PostgresLocation
    /// Where `pg_dump` and its like are; nil looks for them.
    package let binariesDirectory: String?
    /// How long one wait for the tables' locks lasts.
    package let lockSeconds: Int

    /// What of the databases is saved.
    let scope: PostgresScope

    /// How long one wait for locks lasts when nobody says otherwise.
    package static let lockSeconds = 20

    /// Makes an adapter for the databases that `place` names.
    package init(
        _ place: PostgresLocation, binariesDirectory: String? = nil, lockSeconds: Int = PostgresAdapter.lockSeconds,
        scope: PostgresScope = PostgresScope()
    ) {
        self.scope = scope
        self.place = place
        self.binariesDirectory = binariesDirectory
        self.lockSeconds = lockSeconds
    }

    package var location: String { place.text }

    package func probe() throws {
        let connection = try PostgresSession.reading(place, database: Self.entrance(place))
        _ = try binaries(for: connection)
        _ = try databases(connection)
        // Asked once, and here it costs nobody time.
        _ = PostgresEnvironment.boundToUs
    }

    package func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        let connection = try PostgresSession.reading(place, database: Self.entrance(place))
        let binaries = try binaries(for: connection)
        let names = try databases(connection)
        var databases: [PostgresDatabaseCapture] = []
        for name in names {
            let database = try begin(
                name, binaries, sink, key: context.rowHashKey, early: names.count <= Self.earlyDumps)
            let holder = database.holder
            databases.append(database)
            sink.hold(
                HeldView(
                    object: holder.database, handle: holder.snapshot, dataTime: holder.dataTime,
                    position: holder.position))
        }
        // After the snapshots: who owns something in them cannot be dropped any more. It works while rows are copied.
        let roles = scope.savesRoles ? try PostgresRolesDump(place, binaries, connection) : nil
        defer { roles?.end() }
        reportLeftOut(databases, sink)
        let dataTime = databases.map(\.holder.dataTime).min() ?? context.clock.now()
        var root = Entry(name: Array("postgres".utf8), kind: .directory, permissions: 0o700, modified: dataTime)
        root.changed = dataTime
        try sink.root(root, content: nil, order: .any)
        var manifest = try serverManifest(connection)
        var captures: [String: JSONValue] = [:]
        for capture in databases {
            let holder = capture.holder
            manifest.databases.append(try capture.run())
            captures[holder.database] = [
                "dataTime": .string(
                    Timestamp.string(seconds: holder.dataTime.seconds, nanoseconds: holder.dataTime.nanoseconds)),
                "position": .string(holder.position),
            ]
        }
        if let globals = try roles?.text(sink) {
            let entry = PostgresEntry.file("globals.sql")
            try sink.checkCancellation()
            try sink.add(entry, content: PostgresBytes(entry: entry, bytes: globals))
            let script = PostgresEntry.file("roles.sql")
            let text = Array(PostgresRoleScript.text(of: globals).utf8)
            try sink.checkCancellation()
            try sink.add(script, content: PostgresBytes(entry: script, bytes: text))
            manifest.hasGlobals = true
        }
        return CaptureOutcome(dataTime: dataTime, manifest: manifest.json(captures: captures))
    }

    /// A policy that leaves out what is not there, or what else needs, says something that its writer did not mean.
    private func reportLeftOut(_ databases: [PostgresDatabaseCapture], _ sink: any CaptureSink) {
        if !scope.savesRoles { sink.report(Finding(.notice, "roles", PostgresScope.reason)) }
        for name in scope.excludedRows where !databases.contains(where: { $0.leftOut.found.contains(name) }) {
            sink.report(Finding(.notice, name, "the policy leaves out its rows, and there is no such table"))
        }
    }

    /// Holds a database. When somebody waits to change a table before `pg_dump` has its own locks, we let him through,
    /// and begin again.
    private func begin(
        _ name: String, _ binaries: PostgresBinaries, _ sink: any CaptureSink, key: [UInt8], early: Bool
    ) throws -> PostgresDatabaseCapture {
        var attempt = 1
        while true {
            let holder = try PostgresHolder(place, database: name, lockSeconds: lockSeconds) {
                try sink.checkCancellation()
            }
            let capture = try PostgresDatabaseCapture(holder, binaries: binaries, sink: sink, key: key, scope: scope)
            guard early, attempt < Self.attempts else { return capture }
            if try capture.beginDefinitions() { return capture }
            attempt += 1
        }
    }

    /// Of more databases `pg_dump` is not started before its turn comes: each is a process and a session that wait.
    private static let earlyDumps = 4
    /// How often a database is held anew for the sake of those who wait for it.
    private static let attempts = 5

    /// The database through which the server is asked which databases it has.
    private static func entrance(_ place: PostgresLocation) -> String? {
        if let database = place.database { return database }
        switch place.databases {
        case .one: return nil
        case .named(let names): return names.first
        case .all: return "postgres"
        }
    }

    private func databases(_ connection: PostgresConnection) throws -> [String] {
        switch place.databases {
        case .one: return [connection.database]
        case .named(let names): return names
        case .all:
            return try telling("cannot list the databases at \(location)") {
                try PostgresCatalog.list(
                    connection, "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1")
            }
        }
    }

    private func binaries(for connection: PostgresConnection) throws -> PostgresBinaries {
        do throws(Failure) {
            return try PostgresBinaries.find(
                major: connection.serverVersion / 10_000, programs: PostgresBinaries.clientPrograms,
                given: binariesDirectory)
        } catch {
            throw Failure(.failed, error.sentence, hint: error.hint, cause: error.cause)
        }
    }

    private func serverManifest(_ connection: PostgresConnection) throws -> PostgresManifest {
        try telling("cannot read the catalogue of \(location)") {
            PostgresManifest(
                serverVersion: try connection.value("SHOW server_version"),
                serverVersionNumber: connection.serverVersion,
                bootstrapRole: try connection.value("SELECT rolname FROM pg_roles WHERE oid = 10"), hasGlobals: false)
        }
    }
}
