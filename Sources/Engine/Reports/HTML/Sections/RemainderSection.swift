import Formats

/// What stands below the checks: what took long, what was not tested, what to do, what was found.
struct RemainderSection {
    let report: Report

    /// All of it, as far as there is something to tell.
    var markup: Markup { remedies + largest + notTested + findings }

    private var remedies: Markup {
        section("fix", "What to fix", report.remedies.isEmpty) {
            HTMLList.table(
                "The most useful first.", ["what to do", "what speaks for it", "would save"], report.remedies, max: 30,
                bytes: 20_000, style: "line"
            ) { remedy in
                let saved = remedy.minutesSaved.map { "about " + Quantity.duration(seconds: $0 * 60) } ?? "a risk"
                return """
                    <tr><th scope="row">\(remedy.sentence)</th><td class="rest">\(remedy.ground)</td>\
                    <td data-label="would save" class="w">\(saved)</td></tr>

                    """
            }
        }
    }

    private var largest: Markup {
        section("largest", "What took longest to load", report.largest.isEmpty) {
            let longest = max(report.largest.map(\.seconds).filter(\.isFinite).max() ?? 0, 1e-9)
            return HTMLList.table(
                "Tables and directories by load time.",
                ["name", .number("time"), .number("size"), "beside the longest"],
                report.largest, max: 20, bytes: 16_000, style: "line"
            ) { measure in
                let width = min(max(measure.seconds / longest, 0), 1) * 100
                return """
                    <tr><th scope="row"><code>\(measure.name)</code></th>\
                    <td class="n">\(Quantity.duration(seconds: measure.seconds))</td>\
                    <td class="n">\(Quantity.bytes(measure.bytes))</td>\
                    <td class="bar"><svg width="100%" height="12" aria-hidden="true" focusable="false">\
                    <rect class="segment p1" width="\(width)%" height="12"/></svg></td></tr>

                    """
            }
        }
    }

    private var notTested: Markup {
        section("not-tested", "What was not tested", report.notTested.isEmpty) {
            HTMLList.list(report.notTested, max: 60, bytes: 16_000) { "\($0)" }
        }
    }

    private var findings: Markup {
        section("findings", "Findings", report.findings.isEmpty) {
            HTMLList.list(report.findings, max: 100, bytes: 24_000) {
                $0.object.isEmpty ? "\($0.sentence)" : "<code>\($0.object)</code>: \($0.sentence)"
            }
        }
    }

    private func section(_ id: Markup, _ title: String, _ isEmpty: Bool, _ content: () -> Markup) -> Markup {
        guard !isEmpty else { return "" }
        return """
            <section aria-labelledby="\(id)"><h2 id="\(id)">\(title)</h2>
            \(content())</section>

            """
    }
}
