import Formats

/// The report as a step summary of GitHub Actions: Markdown of at most 60 kB.
///
/// The whole summary of a step is thrown away when it is above 1 MiB, and other commands of the step write there too.
package enum GitHubReport: ReportFormat {
    package static let name = "github"
    package static let purpose = "a step summary, to be appended to $GITHUB_STEP_SUMMARY"

    private static let textMax = 160
    private static let checksMax = 60
    private static let differingMax = 10

    package static func render(_ book: ReportBook) -> String {
        let report = book.report.clipped(to: textMax)
        return verdict(report, book.alarms) + phases(report) + checks(report) + proofs(report)
            + list("What to do about it", report.remedies.map(\.sentence), bytes: 3000)
            + list("What this does not show", report.notTested, bytes: 4000)
    }

    private static func verdict(_ report: Report, _ alarms: [String]) -> String {
        let sign =
            switch report.verdict {
            case "recovered": "✅"
            case "degraded", "unrecoverable": "❌"
            case "stale": "⌛"
            default: "❔"
            }
        let rows = [
            ("verdict", report.verdict), ("evidence", report.evidenceLevel ?? "none"),
            ("measured recovery time", measured(report.measuredRecoverySeconds)),
            ("RTO, the objective", promised(report.objectives.recoveryTimeSeconds, report.objectives.recoveryTimeMet)),
            ("data-loss window", measured(report.dataLossWindowSeconds)),
            (
                "RPO, the objective",
                promised(report.objectives.recoveryPointSeconds, report.objectives.recoveryPointMet)
            ),
            ("exit code", ([String(report.exitCode)] + report.reasons).joined(separator: " ")),
            ("drill", report.identifier),
        ]
        let shown = rows.filter { !$0.1.isEmpty }.map { "| \($0.0) | \(MarkdownText.of($0.1)) |\n" }
        let page =
            "## \(sign) Restore drill of \(MarkdownText.of(report.system)): \(MarkdownText.of(report.verdict))\n\n"
            + MarkdownText.of(report.summary) + "\n\n| | |\n|---|---|\n" + shown.joined()
        let told = alarms + report.leftovers.map { "left behind: \($0)" }
        return page + list("Alarms", told, bytes: 6000)
    }

    private static func measured(_ seconds: Double?) -> String {
        seconds.map { Quantity.duration(seconds: $0) } ?? "none measured"
    }

    private static func promised(_ seconds: Double?, _ isMet: Bool?) -> String {
        guard let seconds else { return "" }
        return Quantity.duration(seconds: seconds)
            + (isMet.map { $0 ? ", kept" : ", MISSED" } ?? ", nothing was held against it")
    }

    private static func phases(_ report: Report) -> String {
        guard !report.phases.isEmpty else { return "" }
        let rows = report.phases.map { phase in
            "| \(MarkdownText.of(phase.name)) | \(Quantity.duration(seconds: phase.shareSeconds)) "
                + "| \(phase.counted ? "yes" : "no") |\n"
        }
        return "\n### Where the time went\n\n| phase | time | counted |\n|---|--:|---|\n" + fitting(rows, bytes: 6000)
    }

    private static func checks(_ report: Report) -> String {
        let count = { (result: Report.Check.Result) in report.checks.filter { $0.result == result }.count }
        let title =
            "\n### Checks: \(count(.passed)) passed, \(count(.failed)) failed, \(count(.notRun)) could not run\n"
        let order: [Report.Check.Result] = [.failed, .notRun]
        let rows = order.flatMap { result in report.checks.filter { $0.result == result } }.map(row)
        guard !rows.isEmpty else { return title }
        return title + "\n| result | check | source | expected | found | differs |\n|---|---|---|---|---|---|\n"
            + fitting(Array(rows.prefix(checksMax)), bytes: 24_000, of: rows.count)
    }

    private static func row(_ check: Report.Check) -> String {
        let result = check.result == .failed ? "❌ failed" : "❔ could not run"
        let shown = check.differing.prefix(differingMax).map(MarkdownText.of).joined(separator: ", ")
        let left = check.differing.count - differingMax
        let cells = [
            result + (check.gating ? "" : " (audit)"), MarkdownText.of(check.identifier), MarkdownText.of(check.source),
            MarkdownText.of(check.expected), MarkdownText.of(check.actual.isEmpty ? check.detail : check.actual),
            shown + (left > 0 ? " and \(left) more" : ""),
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    private static func proofs(_ report: Report) -> String {
        guard !report.proofs.isEmpty else { return "" }
        let blind = report.proofs.filter { !$0.blind.isEmpty }
        let lines = blind.map { "\($0.damage) (\($0.object)) went unseen by \($0.blind.joined(separator: ", "))" }
        let title = "The checks themselves: \(report.proofs.count - blind.count) damages seen, \(blind.count) not"
        return lines.isEmpty ? "\n### \(title)\n" : list(title, lines, bytes: 6000)
    }

    private static func list(_ title: String, _ lines: [String], bytes: Int) -> String {
        guard !lines.isEmpty else { return "" }
        return "\n### \(title)\n\n" + fitting(lines.map { "- \(MarkdownText.of($0))\n" }, bytes: bytes)
    }

    /// As many lines as fit, and how many do not.
    private static func fitting(_ lines: [String], bytes: Int, of count: Int? = nil) -> String {
        var shown = ""
        var told = 0
        for line in lines {
            guard shown.utf8.count + line.utf8.count <= bytes else { break }
            shown += line
            told += 1
        }
        let left = (count ?? lines.count) - told
        return left > 0 ? shown + "\nand \(Quantity.count(left)) more\n" : shown
    }
}
