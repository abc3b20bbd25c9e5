import Formats

/// How the drills of this system went over time.
struct HistorySection {
    private static let drawnMax = 60
    private static let listedMax = 6
    private static let comparedMax = 5

    let book: ReportBook

    /// The chart, its legend and the last drills as a table.
    var markup: Markup {
        guard !book.history.isEmpty else { return "" }
        let drills = Array(book.history.suffix(Self.drawnMax))
        let chart = HistoryChart(
            drills: drills, shown: book.report.identifier, objective: book.report.objectives.recoveryTimeSeconds)
        return """
            <section aria-labelledby="history"><h2 id="history">History of drills</h2>
            <p>\(sentence)\(regression)</p>
            <figure>\(drills.count > 1 ? chart.drawing + legend(drills) : "")
            \(HTMLList.table(
                "The last drills, newest first.",
                ["started", "verdict", "evidence", .number("measured"), .number("data-loss window")],
                Array(drills.suffix(Self.listedMax).reversed()), max: Self.listedMax, bytes: 12_000, style: "line",
                row: row))</figure>
            </section>

            """
    }

    private var sentence: String {
        let count = book.history.count
        guard count > 1 else { return "This is the first drill of this system on record." }
        let good = book.history.filter { $0.verdict == "recovered" }.count
        let older = count > Self.drawnMax ? "; the chart shows the last \(Self.drawnMax)" : ""
        return "\(Quantity.count(count)) drills on record, of which \(Quantity.count(good)) recovered\(older)."
    }

    /// How this drill's time compares with earlier ones under the same conditions.
    private var regression: String {
        let report = book.report
        guard let seconds = report.measuredRecoverySeconds else { return "" }
        let earlier = book.history.prefix { $0.identifier != report.identifier }.filter {
            $0.measuredRecoverySeconds != nil && HistoryChart.areComparable($0, report)
        }.suffix(Self.comparedMax).compactMap(\.measuredRecoverySeconds).sorted()
        guard earlier.count > 1, earlier[earlier.count / 2] > 0 else { return "" }
        let percent = (seconds / earlier[earlier.count / 2] - 1) * 100
        let sign = percent < 0 ? "−" : "+"
        return " This one took \(sign)\(Quantity.fixed(percent.magnitude, 0)) % against the median of the last "
            + "\(earlier.count) that can be compared with it."
    }

    private func legend(_ drills: [Report]) -> Markup {
        var verdicts: [String] = []
        for drill in drills where !verdicts.contains(drill.verdict) && verdicts.count < 6 {
            verdicts.append(drill.verdict)
        }
        return """
            <p class="legend">\(verdicts.map { "<span>\(VerdictMark.picture($0, size: 15)) \($0)</span> " as Markup })\
            <span>◯ around it: this report</span> <span>joined: same scope, machine and cache</span></p>

            """
    }

    private func row(_ drill: Report) -> Markup {
        """
        <tr><th scope="row" class="w">\(HTMLWords.minute(drill.started))</th>\
        <td>\(VerdictMark.picture(drill.verdict, size: 15)) \(drill.verdict)</td>\
        <td>\(drill.evidenceLevel ?? "none")</td>\
        <td data-label="recovery" class="n">\(HTMLWords.duration(drill.measuredRecoverySeconds))</td>\
        <td data-label="data loss" class="n">\(HTMLWords.duration(drill.dataLossWindowSeconds))</td></tr>

        """
    }
}
