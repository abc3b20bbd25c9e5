import Formats
import Platform

/// The report for a terminal, a log or a mail: at most 100 columns, no colours, the verdict in words first.
package enum TextReport: ReportFormat {
    package static let name = "text"
    package static let purpose = "for a terminal or a mail"

    package static func render(_ book: ReportBook) -> String {
        let report = book.report
        var page = TextPage(columns: 100)
        verdict(report, on: &page)
        for alarm in book.alarms { page.field("EVIDENCE", alarm, column: 26) }
        measurements(report, on: &page)
        phases(report, on: &page)
        checks(report, on: &page)
        proofs(report, on: &page)
        remedies(report, on: &page)
        findings(report, on: &page)
        largest(report, on: &page)
        conditions(report, on: &page)
        notTested(report, on: &page)
        return page.text
    }

    private static func verdict(_ report: Report, on page: inout TextPage) {
        page.paragraph(report.verdict.uppercased() + ": " + report.summary)
        if let level = report.evidenceLevel { page.field("evidence", level, column: 26) }
        if report.exitCode != 0 {
            page.field("exit", ([String(report.exitCode)] + report.reasons).joined(separator: " "), column: 26)
        }
        for leftover in report.leftovers { page.field("LEFT BEHIND", leftover, column: 26) }
    }

    private static func measurements(_ report: Report, on page: inout TextPage) {
        page.blank()
        let recovery = report.measuredRecoverySeconds.map {
            Quantity.duration(seconds: $0) + ", from a repository and a key to the last required check"
        }
        page.field("measured recovery time", recovery ?? "none: the recovery did not come to its end", column: 26)
        if let window = report.dataLossWindowSeconds {
            page.field(
                "data-loss window",
                Quantity.duration(seconds: window)
                    + ", from the instant that the data shows to the start of this drill",
                column: 26)
        }
        let objectives = report.objectives
        if let allowed = objectives.recoveryTimeSeconds {
            page.field("RTO (objective)", promise(allowed, objectives.recoveryTimeMet), column: 26)
        }
        if let allowed = objectives.recoveryPointSeconds {
            page.field("RPO (objective)", promise(allowed, objectives.recoveryPointMet), column: 26)
        }
    }

    private static func promise(_ seconds: Double, _ isMet: Bool?) -> String {
        Quantity.duration(seconds: seconds) + ", " + (isMet.map { $0 ? "kept" : "MISSED" } ?? "not held against it")
    }

    private static func phases(_ report: Report, on page: inout TextPage) {
        guard !report.phases.isEmpty else { return }
        page.heading("Where the time went")
        let total = report.phases.filter(\.counted).reduce(0) { $0 + $1.shareSeconds }
        for phase in report.phases where phase.counted {
            row(phase, share: total > 0 ? Quantity.fixed(phase.shareSeconds / total * 100, 1) + " %" : "", on: &page)
        }
        page.row(["sum", Quantity.duration(seconds: total), total > 0 ? "100.0 %" : ""], widths: phaseColumns)
        for phase in report.phases where !phase.counted { row(phase, share: "not counted", on: &page) }
    }

    private static let phaseColumns = [23, -13, -13]

    private static func row(_ phase: Report.Phase, share: String, on page: inout TextPage) {
        var note = phase.note
        if let bytes = phase.bytes {
            var moved = Quantity.bytes(bytes)
            if phase.shareSeconds > 0.01 {
                let rate = UInt64(exactly: (Double(bytes) / phase.shareSeconds).rounded(.down)) ?? .max
                moved += ", \(Quantity.bytes(rate))/s"
            }
            note = note.isEmpty ? moved : moved + "; " + note
        }
        page.row(
            [phase.name, Quantity.duration(seconds: phase.shareSeconds), share], widths: phaseColumns, rest: note)
    }

    private static func checks(_ report: Report, on page: inout TextPage) {
        guard !report.checks.isEmpty else { return }
        let count = { (result: Report.Check.Result) in report.checks.filter { $0.result == result }.count }
        page.heading("Checks: \(count(.passed)) passed, \(count(.failed)) failed, \(count(.notRun)) could not run")
        for result in [Report.Check.Result.failed, .notRun, .passed] {
            for check in report.checks where check.result == result { entry(check, on: &page) }
        }
    }

    private static func entry(_ check: Report.Check, on page: inout TextPage) {
        let word =
            switch check.result {
            case .passed: "passed"
            case .failed: "FAILED"
            case .notRun: "NOT RUN"
            }
        page.row(
            [word, check.identifier, check.gating ? "required" : "audit", Quantity.duration(seconds: check.seconds)],
            widths: [9, 24, 9, -10],
            rest: (check.source.isEmpty ? "" : "\(check.source), ") + "\(Quantity.count(check.compared)) compared")
        if !check.detail.isEmpty { page.field("", check.detail, column: 11) }
        if check.result == .failed || check.expected != check.actual {
            if !check.expected.isEmpty { page.field("         expected", check.expected, column: 21) }
            if !check.actual.isEmpty { page.field("         found", check.actual, column: 21) }
        } else if !check.actual.isEmpty {
            page.field("         found", check.actual + ", as expected", column: 21)
        }
        for item in check.differing { page.field("         differs", item, column: 21) }
    }

    private static func proofs(_ report: Report, on page: inout TextPage) {
        guard !report.proofs.isEmpty else { return }
        let blind = report.proofs.filter { !$0.blind.isEmpty }
        page.heading("The checks themselves: \(report.proofs.count - blind.count) damages seen, \(blind.count) not")
        for proof in blind + report.proofs.filter({ $0.blind.isEmpty }) {
            page.row(
                [proof.blind.isEmpty ? "seen" : "BLIND", proof.damage], widths: [9, 24],
                rest: "\(proof.source), \(proof.object)")
            if !proof.blind.isEmpty {
                page.field("         stayed green", proof.blind.joined(separator: ", "), column: 24)
            }
            if !proof.caughtBy.isEmpty {
                page.field("         seen by", proof.caughtBy.joined(separator: ", "), column: 24)
            }
        }
    }

    private static func remedies(_ report: Report, on page: inout TextPage) {
        guard !report.remedies.isEmpty else { return }
        page.heading("What to do about it")
        for remedy in report.remedies {
            let saved = remedy.minutesSaved.map { " (saves about \(Quantity.duration(seconds: $0 * 60)))" } ?? ""
            page.item(remedy.sentence + saved + (remedy.ground.isEmpty ? "" : ": " + remedy.ground))
        }
    }

    private static func findings(_ report: Report, on page: inout TextPage) {
        guard !report.findings.isEmpty else { return }
        page.heading("Findings")
        for finding in report.findings {
            page.item(finding.object.isEmpty ? finding.sentence : finding.object + ": " + finding.sentence)
        }
    }

    private static func largest(_ report: Report, on page: inout TextPage) {
        guard !report.largest.isEmpty else { return }
        page.heading("What took longest to load")
        for measure in report.largest {
            page.row(
                [Quantity.duration(seconds: measure.seconds), Quantity.bytes(measure.bytes)], widths: [-11, -11],
                rest: measure.name)
        }
    }

    private static func conditions(_ report: Report, on page: inout TextPage) {
        page.heading("Conditions of the measurement")
        page.field("report", report.identifier, column: 26)
        page.field("system", report.system, column: 26)
        page.field("started", instant(report.started), column: 26)
        page.field("ended", instant(report.ended), column: 26)
        if let policy = report.policy { page.field("policy", "\(policy.name), \(policy.digest)", column: 26) }
        if !report.selection.isEmpty { page.field("chosen", report.selection, column: 26) }
        for source in report.sources {
            page.field(
                "source",
                "\(source.name) (\(source.adapter)): \(source.evidenceLevel), "
                    + "\(Quantity.bytes(source.bytes)), \(Quantity.count(source.items)) items", column: 26)
        }
        for fact in report.conditions { page.field(fact.label, fact.value, column: 26) }
        if !report.teardown.isEmpty { page.field("afterwards", report.teardown, column: 26) }
    }

    private static func notTested(_ report: Report, on page: inout TextPage) {
        guard !report.notTested.isEmpty else { return }
        page.heading("What this does not show")
        for sentence in report.notTested { page.item(sentence) }
    }

    private static func instant(_ instant: Instant) -> String { Timestamp.string(seconds: instant.seconds) }
}
