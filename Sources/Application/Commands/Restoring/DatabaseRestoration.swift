import DataSources
import Entries
import Formats
import Platform
import Repositories
import Restores

/// Brings databases of a snapshot back into a server.
struct DatabaseRestoration {
    let request: RestoreRequest
    let repository: Repository
    let record: SnapshotRecord
    let index: ChunkIndex
    let context: CommandContext

    /// Does it, or with a dry run tells what it would do.
    func run(into place: PostgresLocation) throws -> CommandOutcome {
        let sources = try sources()
        let trees = try sources.map { source in
            try SnapshotTree(repository, index: index, record: record, source: source.name)
        }
        let begun = context.clock.monotonicSeconds()
        if let (database, path) = part() {
            let restore = try PostgresPartRestore(
                trees[0], database: database, path: path, into: place, options: options(for: sources[0]),
                clock: context.clock,
                cancellation: context.cancellation)
            if request.dryRun { return try preview([request.item.text], try restore.preflight(), into: place) }
            return try tell([try restore.run()], into: place, seconds: context.clock.monotonicSeconds() - begun)
        }
        // All of them are planned before the first one is begun.
        let restores = try zip(sources, trees).map { source, tree in
            try PostgresRestore(
                tree, databases: try databases(), into: place, options: options(for: source), clock: context.clock,
                cancellation: context.cancellation)
        }
        if request.dryRun {
            return try preview(restores.flatMap(\.sourceNames), restores.flatMap { try $0.preflight() }, into: place)
        }
        let outcomes = try restores.map { try $0.run() }
        return try tell(outcomes, into: place, seconds: context.clock.monotonicSeconds() - begun)
    }

    private func options(for source: SnapshotRecord.Source) -> PostgresRestore.Options {
        let base = context.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
        var options = PostgresRestore.Options(workDirectory: base)
        options.restored = "\(record.identifier):\(source.name)"
        options.jobs = request.jobs
        options.overwrite = request.overwrite == .always
        options.globals = request.globals
        options.ignoresPreflight = request.ignoresPreflight
        options.verificationKey = request.verifies ? repository.rowHashKey : nil
        return options
    }

    private func sources() throws -> [SnapshotRecord.Source] {
        let databases = record.sources.filter { $0.adapter == PostgresAdapter.name }
        let names = databases.map(\.name).joined(separator: ", ")
        let hint = databases.isEmpty ? "the snapshot holds no database" : "its databases are in \(names)"
        guard let name = request.item.source else {
            guard !databases.isEmpty else {
                throw Failure(
                    .usage, "the snapshot \(record.shortIdentifier) has no source that goes into a server", hint: hint)
            }
            return databases
        }
        guard let source = databases.first(where: { $0.name == name }) else {
            throw Failure(
                .usage, "the snapshot \(record.shortIdentifier) has no database source `\(name)`", hint: hint)
        }
        return [source]
    }

    /// The one database that the item names, nil for all.
    private func databases() throws -> [String]? {
        guard let first = request.item.path.first else { return nil }
        guard request.item.path.count == 1 else {
            throw Failure(
                .usage, "\(request.item.text) is a part of a database, which cannot be restored into a server",
                hint: "a table is NAME/DATABASE/tables/SCHEMA.TABLE, a schema NAME/DATABASE/tables/SCHEMA; anything "
                    + "else is restored as files with \(RestoreCommand.target.name)")
        }
        return [String(decoding: first, as: UTF8.self)]
    }

    /// The database and the rest of the path, when the item is a table or a schema of it.
    private func part() -> (database: String, path: [[UInt8]])? {
        guard let first = request.item.path.first, PostgresPartRestore.isPart(Array(request.item.path.dropFirst()))
        else { return nil }
        return (String(decoding: first, as: UTF8.self), Array(request.item.path.dropFirst()))
    }

    private func preview(
        _ names: [String], _ findings: [Finding], into place: PostgresLocation
    ) throws -> CommandOutcome {
        context.output.findings(findings)
        try context.output.summary("would restore \(names.joined(separator: ", ")) into \(place.text)")
        return CommandOutcome(result: [
            .init("snapshot", .string(record.identifier)),
            .init("targets", [.string(place.text)]),
            .init("databases", .array(names.map { .string($0) })),
            .init("findings", .array(findings.map(JSONShapes.finding))),
            .init("dryRun", true),
        ])
    }

    private func tell(
        _ outcomes: [PostgresRestoreOutcome], into place: PostgresLocation, seconds: Double
    ) throws -> CommandOutcome {
        let output = context.output
        let findings = outcomes.flatMap(\.findings)
        let tables = outcomes.flatMap(\.tables)
        let databases = outcomes.flatMap(\.databases)
        let rows = tables.reduce(0) { $0 + $1.rows }
        let bytes = tables.reduce(0) { $0 + $1.bytes }
        output.findings(findings)
        let amount =
            "\(Quantity.count(tables.count, "table")), \(Quantity.count(rows, "row")) (\(Quantity.bytes(bytes)))"
        try output.summary(
            "restored \(databases.joined(separator: ", ")): \(amount) into PostgreSQL "
                + "\(outcomes.first?.serverVersion ?? "") in \(Quantity.duration(seconds: seconds))")
        for stage in outcomes.flatMap(\.stages) {
            try output.summary("  \(stage.name): \(Quantity.duration(seconds: stage.seconds))")
        }
        let missing = findings.filter { $0.weight == .missing }.count
        let reasons =
            missing == 0
            ? []
            : [Failure(.incomplete, "\(Quantity.count(missing, "object")) could not be restored as they were")]
        return CommandOutcome(
            reasons: reasons,
            result: [
                .init("snapshot", .string(record.identifier)),
                .init("targets", [.string(place.text)]),
                .init("databases", .array(databases.map { .string($0) })),
                .init("tables", .array(tables.map(json))),
                .init("rows", JSONValue(rows)),
                .init("bytes", JSONValue(bytes)),
                .init("findings", .array(findings.map(JSONShapes.finding))),
                .init("verified", .bool(request.verifies)),
                .init("durationSeconds", JSONValue(seconds)),
                .init("dryRun", false),
            ])
    }

    private func json(_ table: PostgresRestoreOutcome.Table) -> JSONValue {
        [
            "name": .string(table.name), "rows": JSONValue(table.rows), "bytes": JSONValue(table.bytes),
            "durationSeconds": JSONValue(table.seconds),
        ]
    }
}
