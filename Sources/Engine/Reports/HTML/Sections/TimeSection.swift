import Formats

/// Where the time of the recovery went.
struct TimeSection {
    private static let phasesMax = 40

    let report: Report

    /// The bar with its table.
    var markup: Markup {
        guard !report.phases.isEmpty else { return "" }
        let counted = report.phases.filter(\.counted)
        let total = counted.reduce(0) { $0 + $1.shareSeconds }
        let bar = PhaseBar(
            phases: Array(counted.prefix(Self.phasesMax)), objective: report.objectives.recoveryTimeSeconds)
        let rows = counted.enumerated().map { row($1, index: $0, total: total) }
        let uncounted = report.phases.filter { !$0.counted }.map { row($0, index: nil, total: total) }
        return """
            <section aria-labelledby="time"><h2 id="time">Recovery time by phase</h2>
            <p>\(sentence(total))</p>
            <figure>\(counted.isEmpty ? "" : bar.drawing)
            \(HTMLList.table(
                "Each second belongs to one phase; those counted add up to the total.",
                ["phase", .number("time"), .number("share"), "what was moved"], rows + [sum(total)] + uncounted,
                max: Self.phasesMax,
                bytes: 26_000, style: "line phases", row: { $0 }))</figure></section>

            """
    }

    private func sentence(_ total: Double) -> String {
        report.measuredRecoverySeconds == nil
            ? "The recovery did not come to its end: this is where "
                + "\(Quantity.duration(seconds: total)) went until then."
            : "From a repository’s location and a key to the last check that a real recovery would wait for."
    }

    private func row(_ phase: Report.Phase, index: Int?, total: Double) -> Markup {
        let key: Markup = index.map { "<span class=\"key \(PhaseBar.style($0))\">\($0 + 1)</span>" } ?? ""
        let share =
            index == nil
            ? "not counted" : total > 0 ? Quantity.fixed(phase.shareSeconds / total * 100, 1) + " %" : ""
        return """
            <tr><th scope="row">\(key)\(phase.name)</th>\
            <td class="n">\(Quantity.duration(seconds: phase.shareSeconds))</td><td class="n">\(share)</td>\
            <td class="rest">\(moved(phase))</td></tr>

            """
    }

    private func sum(_ total: Double) -> Markup {
        """
        <tr><th scope="row">sum of what is counted</th><td class="n"><strong>\(Quantity.duration(seconds: total))\
        </strong></td><td class="n">\(total > 0 ? "100.0 %" : "")</td><td></td></tr>

        """
    }

    private func moved(_ phase: Report.Phase) -> String {
        guard let bytes = phase.bytes else { return phase.note }
        var words = [Quantity.bytes(bytes)]
        if phase.shareSeconds > 0.01 {
            let rate = UInt64(exactly: (Double(bytes) / phase.shareSeconds).rounded(.down)) ?? .max
            words.append("\(Quantity.bytes(rate))/s")
        }
        if !phase.note.isEmpty { words.append(phase.note) }
        return words.joined(separator: "; ")
    }
}
