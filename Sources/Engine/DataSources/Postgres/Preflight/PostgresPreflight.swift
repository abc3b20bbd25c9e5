import Formats
import Platform

/// Looks at a server before anything is made in it, and tells all at once what would keep a restore from coming back
/// whole: versions, databases that are there, locales, extensions, roles, rights, locks, room.
struct PostgresPreflight {
    /// What was found.
    struct Answer {
        var obstacles: [PostgresObstacle] = []
        var notices: [Finding] = []
    }

    let manifest: PostgresManifest
    /// What is restored: the source, the new name, and the roles that its definitions name.
    let databases: [(source: PostgresDatabaseManifest, name: String, roles: Set<String>)]
    let place: PostgresLocation
    let entrance: PostgresConnection
    let options: PostgresRestore.Options
    /// The roles that the snapshot could make, nil when it is not asked to.
    let made: Set<String>?
    /// Whether it is a part that may come beside other things in a database.
    var isPart = false

    /// Asks everything.
    func run() throws -> Answer {
        var answer = Answer()
        if let obstacle = Self.olderServer(manifest, entrance) { answer.obstacles.append(obstacle) }
        try telling("cannot look at the server at \(place.text)") {
            let server = try Server(entrance)
            for (source, name, _) in databases {
                try checkPlace(source, name, server, &answer)
                try checkExtensions(source, name, server, &answer)
                checkLocks(source, name, server, &answer)
            }
            try checkRoles(&answer)
            try checkRoom(server, &answer)
        }
        return answer
    }

    /// What is asked of the server once.
    private struct Server {
        let isSuperuser: Bool
        let makesDatabases: Bool
        let role: String
        let lockCapacity: Int64
        let isLocal: Bool
        let available: [String: (version: String, needsSuperuser: Bool)]

        init(_ connection: PostgresConnection) throws {
            let rows = try connection.query(
                """
                SELECT rolsuper, rolcreatedb, rolname,
                    current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint
                        + current_setting('max_prepared_transactions')::bigint),
                    inet_server_addr() IS NULL
                FROM pg_roles WHERE rolname = current_user
                """)
            isSuperuser = rows.flag(0, 0)
            makesDatabases = isSuperuser || rows.flag(0, 1)
            role = rows[0, 2]
            lockCapacity = rows.number(0, 3)
            isLocal = rows.flag(0, 4)
            let trusted = connection.serverVersion >= 130_000 ? "v.trusted" : "false"
            let found = try connection.query(
                """
                SELECT a.name, a.default_version, coalesce(v.superuser AND NOT \(trusted), false)
                FROM pg_available_extensions a
                LEFT JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
                """)
            var available: [String: (String, Bool)] = [:]
            for row in 0..<found.count { available[found[row, 0]] = (found[row, 1], found.flag(row, 2)) }
            self.available = available
        }
    }

    /// The server's major version may not be older than the source's: its definitions say what that does not know.
    static func olderServer(_ manifest: PostgresManifest, _ entrance: PostgresConnection) -> PostgresObstacle? {
        let major = entrance.serverVersion / 10_000
        guard major < manifest.major else { return nil }
        return PostgresObstacle(
            object: "server", sentence: "the server is PostgreSQL \(major), the data comes from \(manifest.major)",
            hint: "restore into PostgreSQL \(manifest.major) or later", isAbsolute: true)
    }

    // MARK: One database

    private func checkPlace(
        _ source: PostgresDatabaseManifest, _ name: String, _ server: Server, _ answer: inout Answer
    ) throws {
        let target = PostgresTarget(
            source.facts, name: name, entrance: entrance, place: place, mark: PostgresMark(restored: options.restored))
        do { if !isPart { try target.check(overwrite: options.overwrite) } } catch let error as Failure
            where error.kind == .refused
        {
            answer.obstacles.append(
                PostgresObstacle(object: name, sentence: error.sentence, hint: error.hint, isAbsolute: true))
            return
        }
        if try target.exists(), !options.overwrite { return }
        if !server.makesDatabases {
            answer.obstacles.append(
                PostgresObstacle(
                    object: name, sentence: "the role \(server.role) may not make databases",
                    hint: "restore as a role with CREATEDB, or into an empty database that is there",
                    isAbsolute: true))
        }
        try PostgresLocales(facts: source.facts, name: name, entrance: entrance).check(&answer)
    }

    private func checkExtensions(
        _ source: PostgresDatabaseManifest, _ name: String, _ server: Server, _ answer: inout Answer
    ) throws {
        var installed: Set<String> = []
        if !options.overwrite,
            try PostgresTarget(
                source.facts, name: name, entrance: entrance, place: place,
                mark: PostgresMark(restored: options.restored)
            ).exists()
        {
            let inside = try PostgresSession.writing(place, database: name)
            installed = Set(try PostgresCatalog.list(inside, "SELECT extname FROM pg_extension"))
        }
        for wanted in source.facts.extensions where wanted.name != "plpgsql" {
            let object = "\(name): extension \(wanted.name)"
            guard let there = server.available[wanted.name] else {
                answer.obstacles.append(
                    PostgresObstacle(
                        object: object, sentence: "\(wanted.version) in the source, not available in this server",
                        hint: "install what brings \(wanted.name) on the server's machine"))
                continue
            }
            if there.needsSuperuser, !server.isSuperuser, !installed.contains(wanted.name) {
                answer.obstacles.append(
                    PostgresObstacle(
                        object: object, sentence: "only a superuser may make it, which \(server.role) is not",
                        hint: "restore as a superuser, or have the extension made in an empty database first"))
            }
            if there.version != wanted.version {
                answer.notices.append(
                    Finding(.notice, object, "\(wanted.version) in the source, \(there.version) in this server"))
            }
        }
    }

    /// A statement on the root of partitions locks all of them, and whoever reads the whole database in one snapshot
    /// (the comparison, the next backup) locks every table.
    private func checkLocks(
        _ source: PostgresDatabaseManifest, _ name: String, _ server: Server, _ answer: inout Answer
    ) {
        let counts = Dictionary(source.objectCounts.map { ($0.type, Int64($0.count)) }) { $0 + $1 }
        let tables = max(Int64(source.tables.count), counts["TABLE"] ?? 0) + Int64(source.sequences.count)
        let partitions = counts["TABLE ATTACH"] ?? 0
        let needed = options.verificationKey == nil ? partitions : max(tables, partitions)
        let capacity = "it has room for \(Quantity.count(server.lockCapacity))"
        let object = "\(name): locks"
        if needed > server.lockCapacity {
            answer.obstacles.append(
                PostgresObstacle(
                    object: object, sentence: "the server must hold \(Quantity.count(needed)) at once, \(capacity)",
                    hint: "raise max_locks_per_transaction on the server"))
        } else if tables > server.lockCapacity {
            answer.notices.append(
                Finding(
                    .notice, object,
                    "a backup of it will hold \(Quantity.count(tables)) at once, \(capacity): raise "
                        + "max_locks_per_transaction before that"))
        }
    }

    // MARK: The whole server

    private func checkRoles(_ answer: inout Answer) throws {
        let present = Set(try PostgresCatalog.list(entrance, "SELECT rolname FROM pg_roles"))
        var missing: [String: [String]] = [:]
        for (source, name, roles) in databases {
            var wanted = roles.union([source.facts.owner])
            wanted.formUnion(source.facts.grants?.map(\.role) ?? [])
            wanted.formUnion(source.facts.settings.map(\.role))
            for role in wanted.subtracting(present).subtracting(made ?? []) where !role.isEmpty {
                missing[role, default: []].append(name)
            }
        }
        for (role, names) in missing.sorted(by: { $0.key < $1.key }) {
            let hint =
                made == nil && manifest.hasGlobals
                ? "--globals makes the source's roles first" : "make it on the server: CREATE ROLE"
            answer.obstacles.append(
                PostgresObstacle(
                    object: names.joined(separator: ", "),
                    sentence: "the role \(role) owns something or has rights there, and the server does not have it",
                    hint: hint))
        }
    }

    private func checkRoom(_ server: Server, _ answer: inout Answer) throws {
        let bytes = databases.reduce(UInt64(0)) { $0 + $1.source.tables.reduce(0) { $0 &+ $1.bytes } }
        let rows = databases.reduce(UInt64(0)) { $0 + $1.source.rows }
        let room = PostgresRoom(textBytes: bytes, rows: rows, entrance: entrance)
        guard server.isLocal, let free = try room.free(dropping: options.overwrite ? databases.map(\.name) : []) else {
            answer.notices.append(
                Finding(
                    .notice, "server",
                    "how much room its disk has is not known from here; the restore needs about "
                        + Quantity.bytes(room.likely)))
            return
        }
        let there = "\(Quantity.bytes(free)) are free where the server keeps its data"
        if free < room.least {
            answer.obstacles.append(
                PostgresObstacle(
                    object: "server", sentence: "\(there), at least \(Quantity.bytes(room.least)) are needed",
                    hint: "free some space there"))
        } else if free < room.likely {
            answer.notices.append(
                Finding(.notice, "server", "\(there), about \(Quantity.bytes(room.likely)) may be needed"))
        }
    }
}
