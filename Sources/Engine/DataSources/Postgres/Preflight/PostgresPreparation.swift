import Platform

/// What a restore reads before it makes anything: the server's entrance, the globals, and the definitions of each
/// database, in private files.
struct PostgresPreparation {
    /// A session in no database in particular.
    let entrance: PostgresConnection
    /// The statements that make the roles; empty when the snapshot has none.
    let globals: [UInt8]
    /// One a database, in order; nil where no definitions were saved.
    let archives: [PostgresArchive?]
    private let restore: PostgresRestore

    /// Connects, finds `pg_restore`, and fetches.
    init(_ restore: PostgresRestore) throws {
        self.restore = restore
        entrance = try PostgresRestore.entrance(restore.place)
        if let obstacle = PostgresPreflight.olderServer(restore.manifest, entrance),
            let failure = PostgresObstacle.failure([obstacle], at: restore.place)
        {
            throw failure
        }
        let binaries: PostgresBinaries
        do throws(Failure) {
            binaries = try PostgresBinaries.find(
                major: max(restore.manifest.major, entrance.serverVersion / 10_000),
                programs: PostgresBinaries.restorePrograms, given: restore.options.binariesDirectory)
        } catch { throw Failure(.failed, error.sentence, hint: error.hint, cause: error.cause) }
        var bytes: [UInt8] = []
        if restore.manifest.hasGlobals { try restore.tree.read([Array("globals.sql".utf8)]) { bytes.append($0) } }
        globals = bytes
        archives = try restore.databases.map { source, name in
            guard source.structure != nil else { return nil }
            let archive = try PostgresArchive(
                binaries: binaries, place: restore.place, database: name, jobs: restore.options.jobs,
                directory: restore.options.workDirectory, cancellation: restore.cancellation)
            try archive.fetch(from: restore.tree, [Array(source.directory.utf8), Array("schema.dump".utf8)])
            return archive
        }
    }

    /// The roles that the globals make, nil when they are not asked to.
    var madeRoles: Set<String>? {
        restore.options.globals && restore.manifest.hasGlobals ? PostgresRoles.made(by: globals) : nil
    }

    /// Asks the preflight of whole databases. Throws what is in the way, answers what is worth knowing.
    func demandReady() throws -> [Finding] {
        let databases = try zip(restore.databases, archives).map { database, archive in
            (source: database.source, name: database.name, roles: try archive?.roles() ?? [])
        }
        return try settle(
            try PostgresPreflight(
                manifest: restore.manifest, databases: databases, place: restore.place, entrance: entrance,
                options: restore.options, made: madeRoles
            ).run())
    }

    /// Throws what is in the way; what may be passed by, because the options say so, becomes a notice.
    func settle(_ answer: PostgresPreflight.Answer) throws -> [Finding] {
        let ignored = restore.options.ignoresPreflight ? answer.obstacles.filter { !$0.isAbsolute } : []
        if ignored.count < answer.obstacles.count,
            let failure = PostgresObstacle.failure(answer.obstacles, at: restore.place)
        {
            throw failure
        }
        return ignored.map { Finding(.notice, $0.object, $0.sentence) } + answer.notices
    }
}
