import Formats

/// What was asked of what came back, and the answers: those that did not pass first.
struct ChecksSection {
    private static let checksMax = 120
    private static let differingMax = 20

    let report: Report

    /// The table.
    var markup: Markup {
        guard !report.checks.isEmpty else {
            return """
                <section aria-labelledby="checks"><h2 id="checks">Checks</h2>
                <p>None ran: nothing is shown about what came back.</p></section>

                """
        }
        let order: [Report.Check.Result] = [.failed, .notRun, .passed]
        let sorted = order.flatMap { result in
            report.checks.filter { $0.result == result && $0.gating }
                + report.checks.filter { $0.result == result && !$0.gating }
        }
        return """
            <section aria-labelledby="checks"><h2 id="checks">Checks</h2>
            \(HTMLList.table(
                "A required check that fails fails the drill; an audit is told and decides nothing.",
                ["result", "check", "expected", "found", .number("time")], sorted, max: Self.checksMax, bytes: 110_000,
                style: "stack", row: rows))</section>

            """
    }

    private func rows(_ check: Report.Check) -> Markup {
        let compared = check.compared > 0 ? ", \(Quantity.count(check.compared)) compared" : ""
        let type = check.type == check.identifier ? "" : "\(check.type), "
        let source = check.source.isEmpty ? "" : "\(check.source), "
        let origin: Markup = check.origin.isEmpty ? "" : "<small>from \(check.origin)</small>"
        let detail: Markup = check.detail.isEmpty ? "" : "<small>\(check.detail)</small>"
        let row: Markup = """
            <td data-label="result" class="w">\(Self.result(check.result))</td>\
            <th scope="row">\(check.identifier)<small>\(type)\(source)\
            \(check.gating ? "required" : "audit")\(compared)</small>\(detail)</th>\
            <td data-label="expected">\(check.expected.isEmpty ? "–" : check.expected)\(origin)</td>\
            <td data-label="found">\(check.actual.isEmpty ? "–" : check.actual)</td>\
            <td data-label="time" class="n">\(Quantity.duration(seconds: check.seconds))</td>
            """
        guard !check.differing.isEmpty else { return "<tr>\(row)</tr>\n" }
        let (items, left) = HTMLList.fitting(check.differing, max: Self.differingMax, bytes: 40_000) {
            "<li><code>\($0)</code></li>"
        }
        let more: Markup = left > 0 ? "<p class=\"more\">and \(Quantity.count(left)) more</p>" : ""
        return """
            <tr class="open">\(row)</tr>
            <tr class="differs"><td></td><td colspan="4"><small>differs:</small><ul>\(items)</ul>\(more)</td></tr>

            """
    }

    private static func result(_ result: Report.Check.Result) -> Markup {
        switch result {
        case .passed: "<span class=\"good tone\">✓ passed</span>"
        case .failed: "<span class=\"bad tone\">✕ FAILED</span>"
        case .notRun: "<span class=\"off tone\">? could not run</span>"
        }
    }
}
