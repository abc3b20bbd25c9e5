import Formats

/// The test cases that a report comes down to.
struct JUnitCases {
    let report: Report

    /// What was left out on purpose, in sentences.
    var remarks: [String] {
        guard isOlderOnPurpose else { return [] }
        return ["an older snapshot was chosen on purpose: it was not held against the RPO"]
    }

    /// Whether a snapshot was drilled whose age says nothing about the newest data.
    private var isOlderOnPurpose: Bool {
        let promises = report.objectives
        return promises.recoveryPointSeconds != nil && promises.recoveryPointMet == nil
            && report.dataLossWindowSeconds != nil
    }

    /// All of them; one is in trouble if, and only if, the drill did not end with exit code 0.
    var all: [JUnitCase] { [verdict] + objectives + phases + checks + proofs }

    private var verdict: JUnitCase {
        var test = JUnitCase(name: "verdict", seconds: 0)
        guard report.exitCode != 0 || report.verdict != "recovered" else { return test }
        test.trouble = JUnitCase.Trouble(
            kind: report.verdict == "unverifiable" ? .error : .failure, type: report.reasons.first ?? report.verdict,
            message: "\(report.verdict): \(report.summary)",
            lines: [
                "\(report.verdict): \(report.summary)",
                "exit code \(report.exitCode): \(report.reasons.joined(separator: ", "))",
            ] + report.leftovers.map { "left behind: \($0)" }
                + report.findings.map { $0.object.isEmpty ? $0.sentence : "\($0.object): \($0.sentence)" })
        return test
    }

    private var objectives: [JUnitCase] {
        let promises = report.objectives
        return [
            objective(
                "RTO", "rto", allowed: promises.recoveryTimeSeconds, isMet: promises.recoveryTimeMet,
                measured: report.measuredRecoverySeconds, "measured recovery time"),
            isOlderOnPurpose
                ? nil
                : objective(
                    "RPO", "rpo", allowed: promises.recoveryPointSeconds, isMet: promises.recoveryPointMet,
                    measured: report.dataLossWindowSeconds, "data-loss window"),
        ].compactMap { $0 }
    }

    private func objective(
        _ name: String, _ type: String, allowed: Double?, isMet: Bool?, measured: Double?, _ word: String
    ) -> JUnitCase? {
        guard let allowed else { return nil }
        var test = JUnitCase(name: "objective: \(name)", seconds: type == "rto" ? measured ?? 0 : 0)
        let lines = [
            "allowed: \(Quantity.duration(seconds: allowed))",
            "\(word): \(measured.map { Quantity.duration(seconds: $0) } ?? "none")",
        ]
        if isMet == nil {
            test.trouble = JUnitCase.Trouble(
                kind: .error, type: "notMeasured", message: "nothing was held against the objective", lines: lines)
        } else if isMet == false {
            test.trouble = JUnitCase.Trouble(
                kind: .failure, type: type, message: "the objective was missed", lines: lines)
        }
        return test
    }

    private var phases: [JUnitCase] {
        report.phases.filter(\.counted).map { JUnitCase(name: "phase: \($0.name)", seconds: $0.shareSeconds) }
    }

    private var checks: [JUnitCase] {
        guard !report.checks.isEmpty else {
            var test = JUnitCase(name: "checks")
            test.trouble = JUnitCase.Trouble(
                kind: .error, type: "notReached", message: "no check ran", lines: [report.summary])
            return [test]
        }
        return report.checks.map(check)
    }

    private func check(_ check: Report.Check) -> JUnitCase {
        let type = check.type == check.identifier ? "" : ": \(check.type)"
        var test = JUnitCase(
            name: "\(check.identifier)\(type)" + (check.source.isEmpty ? "" : " (\(check.source))"),
            seconds: check.seconds)
        // The drill does not fail for it, and must not in CI; its name says why it is green.
        if !check.gating { test.name = "audit: \(test.name)" }
        guard check.result != .passed else { return test }
        var lines = [check.detail]
        if !check.expected.isEmpty {
            lines.append("expected: \(check.expected)" + (check.origin.isEmpty ? "" : " (from \(check.origin))"))
        }
        if !check.actual.isEmpty { lines.append("found: \(check.actual)") }
        lines += check.differing.map { "differs: \($0)" }
        guard check.gating else {
            let word = check.result == .failed ? "failed" : "could not run"
            test.output = ["\(word), without failing the drill"] + lines
            return test
        }
        test.trouble =
            check.result == .failed
            ? JUnitCase.Trouble(kind: .failure, type: "mismatch", message: check.detail, lines: lines)
            : JUnitCase.Trouble(kind: .error, type: "couldNotRun", message: check.detail, lines: lines)
        return test
    }

    private var proofs: [JUnitCase] {
        report.proofs.map { proof in
            var test = JUnitCase(name: "proof: \(proof.damage) (\(proof.source), \(proof.object))")
            if !proof.blind.isEmpty {
                test.trouble = JUnitCase.Trouble(
                    kind: .failure, type: "blind", message: "a check stayed green: it is blind",
                    lines: proof.blind.map { "blind: \($0)" } + proof.caughtBy.map { "seen by: \($0)" })
            }
            return test
        }
    }
}
