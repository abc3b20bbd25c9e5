import Backups
import DataSources
import Formats
import Platform
import Policies
import Repositories

/// `salvor backup`: saves sources together, as one snapshot.
struct BackupCommand: Command {
    let name = "backup"
    let summary = "saves sources together, as one snapshot"
    let explanation = [
        """
        A source is a path, or a PostgreSQL database: postgres://HOST/DATABASE, or postgres: and libpq \
        keywords (postgres:service=shop). Several databases of a server: postgres://HOST/?databases=a,b, or \
        databases=* for all. Its password belongs into ~/.pgpass or the file that PGPASSFILE names.
        """,
        """
        Patterns are those of a .gitignore: they begin at the root of each path, a name without a slash means \
        every level, ! takes back in, and the last one that fits decides; those of --exclude come behind those \
        of files. What was left out is counted, here and in the snapshot. Rules never leave out a source itself.
        """,
        """
        The source - is standard input, or what the COMMAND of --stdin-command writes. It becomes one file. A \
        command that fails leaves no snapshot; of a pipe in it only the last program's exit code is known.
        """,
        """
        In the snapshot each source has a name: the last component of the path, the name of the database, or \
        the NAME of NAME=LOCATION. What cannot be read is named and left out; the rest is saved, and the \
        exit code is 3.
        """,
        """
        With --policy the sources, what is left out of them, the system, the repository and the place of its \
        password are those of the policy.
        """,
    ]
    let operands = [
        OperandSpecification(
            "SOURCE", required: false, repeats: true, help: "what to save: [NAME=]LOCATION; none with --policy")
    ]
    let options =
        SelectionOptions.all + [
            StandardInputOptions.command, SourceAdapters.lockTimeout, Self.system, Self.host, Self.tag, Self.dryRun,
            PingOption.url,
        ]
    let examples = [
        CommandExample(
            "salvor backup -r /backup/shop /srv/shop/uploads db=postgres:service=shop",
            "files and a database, together in one snapshot"),
        CommandExample(
            "salvor backup -r /backup/home /home --exclude=*.tmp --exclude=/anna/Downloads/ --exclude-caches",
            "a tree without what can be had again"),
        CommandExample(
            "salvor backup -r /backup/shop mail.ldif=- --stdin-command=slapcat", "what a program writes, as a file"),
        CommandExample(
            "salvor backup --policy /etc/salvor/shop.json5", "what a policy says, where it says"),
        CommandExample(
            "17 2 * * * root salvor backup -q -r /backup/shop --password-file /etc/salvor/password /srv/shop",
            "a line of a crontab: silent when all is well"),
    ]
    let failures: [FailureKind] = [.incomplete, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = [
        "snapshot", "system", "host", "dataTime", "sources", "findings", "bytesStored", "durationSeconds", "dryRun",
    ]

    static let system = OptionSpecification(
        "--system", value: "NAME", help: "the system that the sources belong to; the host's name when not given")
    static let host = OptionSpecification(
        "--host", value: "NAME", help: "the host's name in the snapshot; this machine's when not given")
    static let tag = OptionSpecification("--tag", value: "TAG", repeats: true, help: "a tag for the snapshot")
    static let dryRun = OptionSpecification(
        flag: "--dry-run", help: "look whether the sources can be read, and tell what would be saved")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        var context = context
        let policy = try context.policy()
        let sources = try policy.map { try Self.sources(of: $0, context) } ?? Self.sources(&context)
        let host = try context.arguments.text(Self.host) ?? Host.name()
        var plan = BackupPlan(
            sources: sources, system: try context.arguments.text(Self.system) ?? policy?.name ?? host, host: host,
            user: Host.userName(), tags: try context.arguments.texts(Self.tag), tool: VersionCommand.tool)
        let (store, credential) = try context.access()
        guard !context.arguments.isOn(Self.dryRun) else {
            return try tell(plan, try context.open(store, credential: credential), context)
        }
        // A key is derived from the password on one processor, for a good tenth of a second.
        let (repository, probe) = try SourceProbe.run(sources) { try context.open(store, credential: credential) }
        let output = context.output
        if output.isJSON {
            plan.whenHeld = { source, view in
                // Who waits for it must see it at once; one who does not read any more costs no backup.
                _ = try? output.record("held", Self.held(source, view))
                _ = try? output.flush()
            }
        }
        let counters = WorkCounters()
        let run = BackupRun(
            repository, plan: plan, clock: context.clock, cancellation: context.cancellation, counters: counters)
        let outcome = try ProgressWatch.run(context.output, "saving", items: "files", counters) {
            try run.run(after: probe)
        }
        return try tell(outcome, context.output)
    }

    /// The sources of a policy; nothing else may say what is saved.
    private static func sources(of policy: Policy, _ context: CommandContext) throws -> [BackupPlan.Source] {
        try PolicySources.refuseOthers(context.arguments)
        return try PolicySources.sources(policy, context.arguments)
    }

    /// The sources of the command line.
    private static func sources(_ context: inout CommandContext) throws -> [BackupPlan.Source] {
        guard !context.arguments.operands.isEmpty else {
            throw Failure(.usage, "`salvor backup` needs SOURCE…, what to save, or \(GlobalOptions.policy.name) FILE")
        }
        let addresses = try SourceAddress.parse(
            context.arguments.operands, workingDirectory: context.workingDirectory)
        context.inputIsData = try StandardInputOptions.isData(context, for: addresses)
        let origin = try StandardInputOptions.origin(context, for: addresses)
        let selection = try SelectionOptions.selection(context, for: addresses)
        let lockSeconds = try SourceAdapters.lockSeconds(context.arguments, for: addresses)
        return try addresses.map {
            BackupPlan.Source(
                name: $0.name,
                adapter: try SourceAdapters.adapter(
                    for: $0, selection: selection, origin: origin, lockSeconds: lockSeconds))
        }
    }

    private static func held(_ source: String, _ view: HeldView) -> [JSONValue.Member] {
        [
            .init("source", .string(source)), .init("object", .string(view.object)),
            .init("handle", .string(view.handle)), .init("dataTime", JSONShapes.instant(view.dataTime)),
            .init("position", .string(view.position)),
        ]
    }

    /// What would be saved, after a look whether it can be.
    private func tell(
        _ plan: BackupPlan, _ repository: Repository, _ context: CommandContext
    ) throws -> CommandOutcome {
        let snapshots = try SnapshotList(repository, context.output).snapshots.filter { $0.system == plan.system }
        var sources: [JSONValue] = []
        for source in plan.sources {
            try source.adapter.probe()
            let location = source.adapter.location
            let parent = snapshots.last { record in
                record.sources.contains { $0.name == source.name && $0.location == location }
            }
            let compared = parent.map { "compared with \($0.shortIdentifier)" } ?? "for the first time"
            try context.output.summary("would save \(source.name) (\(location)) \(compared)")
            sources.append([
                "name": .string(source.name), "location": .string(location), "parent": JSONValue(parent?.identifier),
            ])
        }
        return CommandOutcome(result: [
            .init("system", .string(plan.system)),
            .init("host", .string(plan.host)),
            .init("sources", .array(sources)),
            .init("dryRun", true),
        ])
    }

    private func tell(_ outcome: BackupOutcome, _ output: Output) throws -> CommandOutcome {
        let record = outcome.record
        var missing = 0
        for source in outcome.sources {
            try output.summary("\(source.name) (\(source.location))")
            for line in lines(source) { try output.summary("  " + line) }
            output.findings(
                source.findings.map { Finding($0.weight, "\(source.name): \($0.object)", $0.sentence) })
            missing += source.findings.filter { $0.weight == .missing }.count
        }
        output.findings(outcome.findings)
        let tags = record.tags.isEmpty ? "" : ", tags \(record.tags.joined(separator: " "))"
        try output.summary("snapshot \(record.shortIdentifier) of \(record.system)\(tags)")
        let stored = "stored \(Quantity.bytes(outcome.storedBytes)) in \(Quantity.duration(seconds: outcome.seconds))"
        try output.summary(stored)
        let reasons =
            missing == 0
            ? []
            : [
                Failure(
                    .incomplete,
                    "\(Quantity.count(missing, "thing")) could not be saved; all else is in the snapshot "
                        + record.shortIdentifier)
            ]
        return CommandOutcome(reasons: reasons, result: result(outcome))
    }

    private func lines(_ source: BackupOutcome.Source) -> [String] {
        let counts = source.counts
        let leftOut = source.selection.map { [SelectionSummary.line($0)] } ?? []
        return [
            "\(Quantity.count(counts.files, "file")): \(Quantity.count(counts.newFiles)) new, "
                + "\(Quantity.count(counts.changedFiles)) changed, \(Quantity.count(counts.unchangedFiles)) unchanged; "
                + Quantity.count(counts.directories, "directory", "directories"),
            "\(Quantity.bytes(counts.bytes)) of data, \(Quantity.bytes(counts.bytesRead)) read, "
                + "\(Quantity.bytes(counts.bytesNew)) new, \(Quantity.duration(seconds: source.seconds))",
        ] + leftOut
    }

    private func result(_ outcome: BackupOutcome) -> [JSONValue.Member] {
        let record = outcome.record
        return [
            .init("snapshot", .string(record.identifier)),
            .init("system", .string(record.system)),
            .init("host", .string(record.host)),
            .init("dataTime", JSONShapes.instant(record.dataTime)),
            .init("sources", .array(outcome.sources.map { json($0, parent: outcome.parents[$0.name]) })),
            .init("findings", .array(outcome.findings.map(JSONShapes.finding))),
            .init("bytesStored", JSONValue(outcome.storedBytes)),
            .init("durationSeconds", JSONValue(outcome.seconds)),
            .init("dryRun", false),
        ]
    }

    private func json(_ source: BackupOutcome.Source, parent: SnapshotRecord?) -> JSONValue {
        [
            "name": .string(source.name), "adapter": .string(source.adapter), "location": .string(source.location),
            "parent": JSONValue(parent?.identifier), "statistics": source.counts.json,
            "selection": source.selection?.json ?? .null, "durationSeconds": JSONValue(source.seconds),
            "findings": .array(source.findings.map(JSONShapes.finding)),
        ]
    }
}
