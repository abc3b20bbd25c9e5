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

    /// How long one wait for locks lasts when nobody says otherwise.
    package static let lockSeconds = 20

    /// Makes an adapter for the databases that `place` names.
    package init(
        _ place: PostgresLocation, binariesDirectory: String? = nil, lockSeconds: Int = PostgresAdapter.lockSeconds
    ) {
        self.place = place
        self.binariesDirectory = binariesDirectory
        self.lockSeconds = lockSeconds
    }

    package var location: String { place.text }

    package func probe() throws {
        let connection = try PostgresSession.reading(place, database: Self.entrance(place))
        _ = try binaries(for: connection)
        _ = try databases(connection)
    }

    package func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        let connection = try PostgresSession.reading(place, database: Self.entrance(place))
        let binaries = try binaries(for: connection)
        // It works while the tables are being locked.
        let roles = try PostgresRolesDump(place, binaries, connection)
        defer { roles.end() }
        var holders: [PostgresHolder] = []
        for name in try databases(connection) {
            let holder = try PostgresHolder(place, database: name, lockSeconds: lockSeconds) {
                try sink.checkCancellation()
            }
            holders.append(holder)
            sink.hold(
                HeldView(
                    object: holder.database, handle: holder.snapshot, dataTime: holder.dataTime,
                    position: holder.position))
        }
        let dataTime = holders.map(\.dataTime).min() ?? context.clock.now()
        var root = Entry(name: Array("postgres".utf8), kind: .directory, permissions: 0o700, modified: dataTime)
        root.changed = dataTime
        try sink.root(root, content: nil, order: .any)
        var manifest = try serverManifest(connection)
        if let globals = try roles.text(sink) {
            let entry = PostgresEntry.file("globals.sql")
            try sink.checkCancellation()
            try sink.add(entry, content: PostgresBytes(entry: entry, bytes: globals))
            let roles = PostgresEntry.file("roles.sql")
            let script = Array(PostgresRoleScript.text(of: globals).utf8)
            try sink.checkCancellation()
            try sink.add(roles, content: PostgresBytes(entry: roles, bytes: script))
            manifest.hasGlobals = true
        }
        var captures: [String: JSONValue] = [:]
        for holder in holders {
            let capture = try PostgresDatabaseCapture(holder, binaries: binaries, sink: sink, key: context.rowHashKey)
            manifest.databases.append(try capture.run())
            captures[holder.database] = [
                "dataTime": .string(
                    Timestamp.string(seconds: holder.dataTime.seconds, nanoseconds: holder.dataTime.nanoseconds)),
                "position": .string(holder.position),
            ]
        }
        return CaptureOutcome(dataTime: dataTime, manifest: manifest.json(captures: captures))
    }

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
