import Formats

/// The first screen: can we recover, how fast, how much would be lost, how sure is that.
struct VerdictSection {
    let book: ReportBook

    private var report: Report { book.report }
    private static let gapsShown = 2

    /// The banner, the alarms and the figures.
    var markup: Markup {
        """
        <p class="kind">Restore drill of <strong>\(report.system)</strong>, \(HTMLWords.minute(report.started))</p>
        <div class="banner \(VerdictMark.style(report.verdict))">\(VerdictMark.picture(report.verdict, size: 44))
        <div><p class="word">\(report.verdict)</p>
        <h1>\(report.summary)</h1>
        <p>\(sentences)</p>
        \(limits)</div></div>
        \(alarms)<dl class="figures">
        \(recovery)\(loss)\(level)\(checks)\(proofs)</dl>

        """
    }

    private var sentences: Markup {
        var sentences: [String] = []
        if let seconds = report.measuredRecoverySeconds {
            sentences.append(
                "Measured \(Quantity.duration(seconds: seconds))"
                    + against(seconds, report.objectives.recoveryTimeSeconds, none: " from a repository and a key."))
        } else {
            sentences.append("No recovery time was measured: the recovery did not come to its end.")
        }
        if let seconds = report.dataLossWindowSeconds {
            sentences.append(
                "A loss at the start of the drill would have cost \(Quantity.duration(seconds: seconds)) of data"
                    + against(seconds, report.objectives.recoveryPointSeconds, none: "."))
        }
        if let level = report.evidenceLevel {
            let meaning = HTMLWords.meaning(ofLevel: level)
            sentences.append("Proven to \(level)\(meaning.isEmpty ? "" : ": \(meaning)").")
        }
        return "\(sentences.joined(separator: " "))"
    }

    private func against(_ seconds: Double, _ allowed: Double?, none: String) -> String {
        guard let allowed else { return none }
        return seconds > allowed
            ? ", \(Quantity.duration(seconds: seconds - allowed)) more than the allowed "
                + "\(Quantity.duration(seconds: allowed))."
            : " of the allowed \(Quantity.duration(seconds: allowed))."
    }

    private var limits: Markup {
        guard !report.notTested.isEmpty else { return "" }
        let left = report.notTested.count - Self.gapsShown
        let more: Markup = left > 0 ? "; <a href=\"#not-tested\">\(left) more</a>" : ""
        return """
            <p class="limits"><strong>Not shown:</strong> \
            \(report.notTested.prefix(Self.gapsShown).joined(separator: "; "))\(more).</p>
            """
    }

    private var alarms: Markup {
        let blind = report.proofs.filter { !$0.blind.isEmpty }
        var alarms: [(String, String)] = (book.evidence?.alarms ?? []).map { ("Do not trust this report.", $0) }
        if let forgery = book.forgery { alarms.append(("Wrong signatures.", forgery)) }
        if !blind.isEmpty {
            alarms.append(
                (
                    "Blind checks.",
                    "\(Quantity.count(blind.count, "damage")) done on purpose went unseen: a pass of those checks "
                        + "shows nothing"
                ))
        }
        alarms += report.leftovers.map { ("Left behind.", $0) }
        let (shown, left) = HTMLList.fitting(alarms, max: 40, bytes: 24_000) {
            "<p class=\"alarm\"><strong>\($0.0)</strong> \($0.1)</p>\n"
        }
        return shown + HTMLList.more(left)
    }

    private func figure(_ name: String, _ number: String, _ rest: Markup) -> Markup {
        "<div><dt>\(name)</dt><dd><span class=\"number\">\(number)</span>\(rest)</dd></div>\n"
    }

    private var recovery: Markup {
        figure(
            "Measured recovery time", HTMLWords.duration(report.measuredRecoverySeconds),
            promise("RTO", report.objectives.recoveryTimeSeconds, report.objectives.recoveryTimeMet))
    }

    private var loss: Markup {
        figure(
            "Data-loss window", HTMLWords.duration(report.dataLossWindowSeconds),
            promise("RPO", report.objectives.recoveryPointSeconds, report.objectives.recoveryPointMet))
    }

    private func promise(_ word: String, _ seconds: Double?, _ isMet: Bool?) -> Markup {
        guard let seconds else { return "<span class=\"soft\">no objective was set</span>" }
        let allowed = "\(word), the objective: \(Quantity.duration(seconds: seconds))"
        switch isMet {
        case true?: return "\(allowed), <span class=\"good tone\">✓ kept</span>"
        case false?: return "\(allowed), <span class=\"bad tone\">✕ missed</span>"
        case nil: return "\(allowed), <span class=\"off tone\">? not held against it</span>"
        }
    }

    private var level: Markup {
        figure(
            "Evidence", report.evidenceLevel ?? "none",
            "<span class=\"soft\">of L0 present to L7 in time</span>")
    }

    private var checks: Markup {
        let count = { (result: Report.Check.Result) in report.checks.filter { $0.result == result }.count }
        guard !report.checks.isEmpty else {
            return figure("Checks", "none ran", "<span class=\"off tone\">? nothing was compared</span>")
        }
        let failed = count(.failed)
        let unanswered = count(.notRun)
        var rest: [Markup] = []
        if failed > 0 { rest.append("<span class=\"bad tone\">✕ \(failed) failed</span>") }
        if unanswered > 0 { rest.append("<span class=\"off tone\">? \(unanswered) could not run</span>") }
        if rest.isEmpty { rest = ["<span class=\"good tone\">✓ all</span>"] }
        return figure(
            "Checks", "\(count(.passed)) of \(report.checks.count) passed",
            "\(rest.first ?? "") \(Array(rest.dropFirst()))")
    }

    private var proofs: Markup {
        let blind = report.proofs.filter { !$0.blind.isEmpty }.count
        guard !report.proofs.isEmpty else {
            return figure(
                "The checks themselves", "not proved", "<span class=\"soft\">no damage was tried on them</span>")
        }
        return figure(
            "The checks themselves", "\(report.proofs.count - blind) of \(report.proofs.count) seen",
            blind > 0
                ? "<span class=\"bad tone\">✕ \(blind) went unseen</span>"
                : "<span class=\"good tone\">✓ every damage was seen</span>")
    }
}
