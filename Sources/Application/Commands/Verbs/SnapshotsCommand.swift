import Formats
import Platform
import Repositories

/// `salvor snapshots`: what a repository holds.
struct SnapshotsCommand: Command {
    let name = "snapshots"
    let summary = "lists the snapshots of a repository, oldest first"
    let explanation = [
        "The time is that of the data, in UTC. The size is that of the data, not what it takes to store."
    ]
    let operands: [OperandSpecification] = []
    let options = SnapshotOptions.all
    let examples = [
        CommandExample("salvor snapshots -r /backup/shop", "all of them"),
        CommandExample("salvor snapshots -r /backup/shop --tag nightly --json", "some of them, for a script"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshots"]

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let filter = try SnapshotOptions.filter(context)
        let list = try SnapshotList(try context.openRepository(), context.output)
        let shown = list.snapshots.filter { filter.passes($0.facts) }
        var table = TextTable([
            ("id", .left), ("time (UTC)", .left), ("system", .left), ("host", .left), ("sources", .left),
            ("size", .right),
            ("tags", .left),
        ])
        for record in shown {
            try context.output.record("snapshot", members(record))
            table.add([
                record.shortIdentifier, time(record.dataTime), record.system, record.host,
                record.sources.map { $0.missing.isEmpty ? $0.name : $0.name + "*" }.joined(separator: " "),
                Quantity.bytes(record.dataBytes), record.tags.joined(separator: " "),
            ])
        }
        if table.isEmpty {
            context.output.note("no snapshots\(filter.isEmpty ? "" : " " + filter.words)")
        } else {
            for line in table.lines { try context.output.line(line) }
            if shown.contains(where: { $0.sources.contains { !$0.missing.isEmpty } }) {
                try context.output.summary("* something could not be saved")
            }
        }
        return CommandOutcome(reasons: list.damages, result: [.init("snapshots", JSONValue(shown.count))])
    }

    private func time(_ instant: Instant) -> String {
        var text = Timestamp.string(seconds: instant.seconds)
        if text.hasSuffix("Z") { text.removeLast() }
        return text.split(separator: "T").joined(separator: " ")
    }

    private func members(_ record: SnapshotRecord) -> [JSONValue.Member] {
        [
            .init("id", .string(record.identifier)),
            .init("system", .string(record.system)),
            .init("host", .string(record.host)),
            .init("user", .string(record.user)),
            .init("tags", .array(record.tags.map { .string($0) })),
            .init("tool", .string(record.tool)),
            .init("started", JSONShapes.instant(record.started)),
            .init("dataTime", JSONShapes.instant(record.dataTime)),
            .init("committedBy", JSONShapes.instant(record.committedBy)),
            .init("bytes", JSONValue(record.dataBytes)),
            .init("sources", .array(record.sources.map(source))),
        ]
    }

    private func source(_ source: SnapshotRecord.Source) -> JSONValue {
        [
            "name": .string(source.name), "adapter": .string(source.adapter), "location": .string(source.location),
            "dataTime": JSONShapes.instant(source.dataTime), "statistics": source.statistics,
            "missing": .array(source.missing.map { .string($0) }),
        ]
    }
}
