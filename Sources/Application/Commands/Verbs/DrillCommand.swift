import Drills
import Formats
import Platform
import Reports
import Repositories
import Storage

/// `salvor drill`: proves that a snapshot comes back.
struct DrillCommand: Command {
    let name = "drill"
    let summary = "recovers a snapshot in staging, proves it, and reports how long that took"
    let explanation = [
        """
        As on the worst day: from nothing but the repository and a key, files are restored and a throw-away \
        database server is set up and loaded. Then what came back is compared with what the sources said \
        when they were saved. Production is never touched, and staging is removed afterwards. The report is \
        kept in the repository, as evidence.
        """,
        """
        The COMMAND of --before-checks is a line for the shell. It finds the staged files in \
        SALVOR_DRILL_FILES and the staged database in SALVOR_DRILL_DATABASE_URL.
        """,
    ]
    let operands = [
        OperandSpecification(
            "SNAPSHOT", required: false, help: "latest (when not given), latest~N, or digits of its id")
    ]
    let options =
        [Self.staging, Self.stagingUser, Self.beforeChecks, Self.keepOnFailure, Self.jobs] + SnapshotOptions.all
        + [PingOption.url]
    let examples = [
        CommandExample("salvor drill -r /backup/shop", "drill the newest snapshot"),
        CommandExample("salvor drill -r /backup/shop --json > drill.json", "in CI: the exit code is the verdict"),
    ]
    let failures: [FailureKind] = [
        .notRecovered, .objectiveMissed, .unverifiable, .leftBehind, .noRepository, .wrongKey, .damaged, .unreachable,
    ]
    let usesRepository = true
    let resultKeys = [
        "id", "system", "verdict", "summary", "evidenceLevel", "started", "ended", "policy", "snapshot", "selection",
        "measured", "objectives", "phases", "checks", "proofs", "sources", "findings", "largest", "conditions",
        "notTested", "remedies", "leftovers", "teardown", "previous",
    ]

    static let staging = OptionSpecification(
        "--staging", value: "DIR", help: "stage under this directory; TMPDIR or /var/tmp when not given")
    static let stagingUser = OptionSpecification(
        "--staging-user", value: "USER", help: "as root: the user that runs the staged server")
    static let beforeChecks = OptionSpecification(
        "--before-checks", value: "COMMAND",
        help: "let the shell run COMMAND in staging before the checks")
    static let keepOnFailure = OptionSpecification(
        flag: "--keep-on-failure", help: "leave staging as it is when the drill fails, to look into it")
    static let jobs = OptionSpecification(
        "--jobs", letter: "j", value: "N", help: "how many threads restore; the processors' number when not given")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let address = try context.arguments.operands.first.map(Self.address) ?? .latest(back: 0)
        let filter = try SnapshotOptions.filter(context.arguments)
        var options = try options(context)
        // A person who types a password is no part of the recovery that is measured.
        let (store, credential) = try context.access()
        if case .recoveryKey = credential { options.identity = "recovery key" }
        let run = DrillRun(options: options, clock: context.clock, cancellation: context.cancellation)
        let report = try run.run {
            try context.open(store, credential: credential)
        } choose: { repository in
            try SnapshotList(repository, context.output).snapshot(address, filter: filter)
        }
        let reasons = Self.reasons(report)
        if !reasons.isEmpty || !context.output.isQuiet {
            try context.output.line(String(TextReport.render(report).dropLast()))
        }
        return CommandOutcome(reasons: reasons, result: Self.result(report))
    }

    private static func address(_ word: [UInt8]) throws(Failure) -> SnapshotAddress {
        let item = try ItemAddress.parse(word)
        guard item.source == nil else {
            throw Failure(.usage, "`\(item.text)` is a part of a snapshot, and a drill recovers a whole one")
        }
        return item.snapshot
    }

    private func options(_ context: CommandContext) throws -> DrillOptions {
        let arguments = context.arguments
        let output = context.output
        var options = DrillOptions(tool: VersionCommand.tool, identity: "password")
        if let directory = arguments.bytes(Self.staging) { options.stagingDirectory = try context.absolute(directory) }
        options.stagingUser = try arguments.text(Self.stagingUser)
        options.beforeChecks = try arguments.text(Self.beforeChecks)
        options.keepsFailedStaging = arguments.isOn(Self.keepOnFailure)
        options.threads = try arguments.number(Self.jobs, in: 1...64) ?? Host.processors
        options.onPhase = { output.progress.show(text: "drill: \($0.rawValue)") }
        return options
    }

    /// Why the drill is no success: the report's kinds, the decisive one with the verdict.
    private static func reasons(_ report: Report) -> [Failure] {
        let kinds = report.reasons.compactMap { FailureKind(rawValue: $0) }
        return kinds.enumerated().map { number, kind in
            number == 0
                ? Failure(kind, "drill \(report.identifier): \(report.verdict)", cause: report.summary)
                : Failure(kind, "drill \(report.identifier): \(ExitMeaning.words(kind))")
        }
    }

    /// The report's members, but for those that every result has.
    private static func result(_ report: Report) -> [JSONValue.Member] {
        (ReportCoding.value(of: report).members ?? []).filter {
            !["type", "schema", "exit", "reasons"].contains($0.key)
        }
    }
}
