import Drills
import Formats
import Platform
import Policies
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
        A policy adds the application: programs that are started on what came back, questions that are asked of \
        it, and the objectives that the drill is held against. With --prove-checks the staging copy is damaged \
        after all is well, and a check that does not notice fails the drill.
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
        DrillRequest.options + [DrillReports.report] + DrillChoice.options + SnapshotOptions.all + [PingOption.url]
    let examples = [
        CommandExample("salvor drill -r /backup/shop", "drill the newest snapshot"),
        CommandExample(
            "salvor drill --policy shop.json5 --prove-checks", "all that the policy asks, and its checks too"),
        CommandExample(
            "salvor drill --policy shop.json5 --report html=drill.html --report junit=drill.xml",
            "in CI: the exit code is the verdict"),
    ]
    let failures: [FailureKind] = [
        .notRecovered, .objectiveMissed, .unverifiable, .leftBehind, .incomplete, .refused, .noRepository, .wrongKey,
        .damaged, .unreachable, .deadline,
    ]
    let usesRepository = true
    let resultKeys = [
        "id", "system", "verdict", "summary", "evidenceLevel", "started", "ended", "policy", "snapshot", "selection",
        "measured", "objectives", "phases", "checks", "proofs", "sources", "findings", "largest", "conditions",
        "notTested", "remedies", "leftovers", "teardown", "previous",
    ]

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let reports = try DrillReports(context)
        let choice = try DrillChoice(context)
        let options = try DrillRequest(context).drillOptions()
        var opened: Repository?
        let report: Report
        do {
            report = try drill(context, options, choice) { opened = $0 }
        } catch {
            // Nothing was drilled. Who waits for a report must see that, and not an old one.
            let none = Self.report(of: Failure(error), options, context.clock.now())
            for failure in reports.write(none, opened) { context.output.failure(failure) }
            throw error
        }
        var reasons = Self.reasons(report)
        if !reasons.isEmpty || !context.output.isQuiet {
            try context.output.line(String(TextReport.render(report).dropLast()))
        }
        reasons += reports.write(report, opened)
        return CommandOutcome(reasons: reasons, result: Self.result(report))
    }

    private func drill(
        _ context: CommandContext, _ wanted: DrillOptions, _ choice: DrillChoice, opened: (Repository) -> Void
    ) throws -> Report {
        var options = wanted
        // A person who types a password is no part of the recovery that is measured.
        let (store, credential) = try context.access()
        if case .recoveryKey = credential { options.identity = "recovery key" }
        options.wantsNewest = choice.isNewest
        let run = DrillRun(options: options, clock: context.clock, cancellation: context.cancellation)
        return try run.run {
            let repository = try context.open(store, credential: credential)
            opened(repository)
            return repository
        } choose: { repository in
            try choice.choose(in: repository, SnapshotList(repository, context.output))
        }
    }

    /// What is told of a drill that could not begin.
    private static func report(of failure: Failure, _ options: DrillOptions, _ now: Instant) -> Report {
        var report = Report(kind: "drill", system: options.policy?.name ?? "", identifier: "", started: now)
        report.policy = options.policy.map { Report.PolicyMark(name: $0.name, digest: $0.digest) }
        report.verdict = DrillVerdict.unverifiable.rawValue
        report.summary = "the drill could not begin: \(failure.description)"
        report.exitCode = failure.kind.exitCode
        report.reasons = [failure.kind.rawValue]
        if let hint = failure.hint { report.findings = [Report.Remark("what to do", hint)] }
        return report
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
