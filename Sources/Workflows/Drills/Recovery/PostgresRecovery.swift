import DataSources
import Formats
import Platform
import Reports
import Restores

/// Brings databases back into a throw-away server of their own, in the way in which `salvor restore --into` does.
final class PostgresRecovery: SourceRecovery {
    static let adapter = "postgres"
    private let order: RecoveryOrder
    /// The names of this source's items in the area begin with it: `pg`, `pg1`, …
    private let name: String
    private var manifest: PostgresManifest?
    private var programs: PostgresBinaries?
    private var server: StagedPostgres?

    init(_ order: RecoveryOrder) {
        self.order = order
        name = order.number == 0 ? "pg" : "pg\(order.number)"
    }

    func provision() throws {
        let manifest = try PostgresManifest(order.source.tree.manifest())
        let programs = try PostgresBinaries.find(
            major: manifest.major, programs: PostgresBinaries.serverPrograms,
            given: order.options.serverPrograms?.replacing("{major}", with: String(manifest.major)))
        self.manifest = manifest
        self.programs = programs
        try order.area.makeDirectory(workName, for: nil)
        let settings = StagedServerSettings(binaries: programs.directory, superuser: manifest.bootstrapRole)
        let server = try StagedPostgres(
            in: order.area, name: name, settings: settings, user: order.user, clock: order.clock,
            cancellation: order.cancellation)
        self.server = server
        do { try server.start(cancellation: order.cancellation) } catch {
            // Nothing of the backup is in it yet: that it does not start empty says nothing about the backup.
            var failure = Failure(error)
            if failure.kind == .failed { failure.kind = .unverifiable }
            throw failure
        }
    }

    func load() throws -> RecoveredContent {
        var options = PostgresRestore.Options(
            workDirectory: String(decoding: order.area.path(of: workName), as: UTF8.self))
        options.jobs = order.options.threads
        options.globals = true
        // What this machine lacks is seen by the checks, object by object.
        options.ignoresPreflight = true
        options.binariesDirectory = programs?.directory
        let outcome = try watched {
            try PostgresRestore(
                order.source.tree, into: location(), options: options, clock: order.clock,
                cancellation: order.cancellation
            ).run()
        }
        try requireRoom(outcome.findings)
        let rows = outcome.tables.reduce(UInt64(0)) { $0 + $1.rows }
        let stages = outcome.stages.filter { $0.seconds >= 0.01 }
            .map { "\($0.name) \(Quantity.duration(seconds: $0.seconds))" }
        return RecoveredContent(
            bytes: outcome.tables.reduce(0) { $0 + $1.bytes }, items: rows,
            note: "\(order.source.name): \(Quantity.count(outcome.tables.count, "table")), "
                + "\(Quantity.count(rows, "row")) (\(stages.joined(separator: ", ")))",
            findings: outcome.findings,
            largest: outcome.tables.prefix(10).map {
                Report.Measure($0.name, seconds: $0.seconds, bytes: $0.bytes)
            })
    }

    /// What the server could not take for want of room says nothing about the backup.
    private func requireRoom(_ findings: [Finding]) throws(Failure) {
        guard findings.contains(where: { $0.weight == .missing }), let failure = server?.outOfRoom() else { return }
        throw failure
    }

    /// An orderly stop writes everything to the device: what is loaded then is as durable as a recovery must leave it.
    func settle() throws {
        try watched { try server?.stopInOrder(cancellation: order.cancellation) }
    }

    /// A server that starts on what was loaded shows that it would after the recovery's first reboot, too.
    func start() throws { try server?.start(cancellation: order.cancellation) }

    func shutDown() { server?.stop() }

    var place: CheckSubject.Place {
        get throws { .server(try location(), programs: programs?.directory) }
    }

    var databases: [StagedDatabase] {
        guard let server, let manifest else { return [] }
        let variables = [
            "PGHOST": server.socketDirectory, "PGPORT": String(server.port), "PGUSER": server.superuser,
        ]
        return manifest.databases.map {
            StagedDatabase(name: $0.name, variables: variables, address: server.addresses)
        }
    }

    var level: EvidenceLevel { .accepted }

    var conditions: [Report.Fact] {
        guard let server, let manifest, let programs else { return [] }
        let source = order.source.name
        return [
            Report.Fact("server", "server of \(source)", "PostgreSQL \(programs.version) in \(programs.directory)"),
            Report.Fact("sourceServer", "saved from", "PostgreSQL \(manifest.serverVersion)"),
        ] + server.conditions
    }

    var notTested: [String] {
        var sentences = [
            "logging in as the roles of \(order.source.name): they were made, and their passwords tried by nobody",
            "tablespaces of \(order.source.name): everything was put where the server keeps its own",
        ]
        for database in manifest?.databases ?? [] {
            for item in database.coverage.partial + database.coverage.missing + database.coverage.never {
                sentences.append("\(database.name): \(item.object): \(item.reason)")
            }
        }
        return sentences
    }

    private var workName: String { "\(name)-work" }

    private func location() throws -> PostgresLocation {
        guard let server else { throw Failure(.unverifiable, "the server for \(order.source.name) was not set up") }
        let words = [("host", server.socketDirectory), ("port", String(server.port)), ("user", server.superuser)]
        var location = try PostgresLocation(
            "postgres:" + words.map { "\($0)='\(Self.quoted($1))'" }.joined(separator: " "))
        location.marks = [order.area.mark.name: order.area.mark.value]
        return location
    }

    private static func quoted(_ text: String) -> String {
        text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }

    /// Runs `body`; when the server ended meanwhile, that is what is told, in its own words.
    private func watched<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do {
            let answer = try body()
            if let end = server?.unexpectedEnd() { throw end }
            return answer
        } catch {
            let failure = Failure(error)
            if [.interrupted, .terminated, .deadline, .damaged].contains(failure.kind) { throw failure }
            // A session breaks a moment before its server is seen to have ended.
            Pause.sleep(seconds: 0.1)
            throw server?.unexpectedEnd() ?? server?.outOfRoom() ?? failure
        }
    }
}
