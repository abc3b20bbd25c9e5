import Formats
import Platform

/// How much data a loss would have cost in the last 30 days.
struct LossSection {
    private static let longest = 30.0 * 86_400
    private static let shortest = 10.0

    let book: ReportBook

    /// The timeline and its numbers.
    var markup: Markup {
        let windows = LossWindows(book.points, length: length, before: book.now)
        guard let worst = windows.worst, let now = windows.now else { return "" }
        let objective = book.report.objectives.recoveryPointSeconds
        let begin = Self.instant(book.now, secondsBefore: length)
        let chart = LossChart(windows: windows, objective: objective, begin: begin, end: book.now)
        let worstEnd = Self.instant(book.now, secondsBefore: windows.length - worst.to)
        return """
            <section aria-labelledby="loss-window"><h2 id="loss-window">Data-loss window \(title)</h2>
            <p>\(sentence(windows, objective))</p>
            <figure>\(chart.drawing)</figure>
            \(HTMLList.facts([
                ("now", "\(Quantity.duration(seconds: now)), at \(HTMLWords.minute(book.now))"),
                ("the longest", "\(Quantity.duration(seconds: worst.lossAfter)), until \(HTMLWords.minute(worstEnd))"),
                (
                    "snapshots",
                    "\(Quantity.count(book.points.count)) can be restored, the oldest with data of "
                        + "\(book.points.first.map { HTMLWords.minute($0.dataTime) } ?? "")"
                ),
            ], max: 9, bytes: 4000))
            <p class="more">At each moment: the time since the newest data that was safe then. Snapshots that were \
            forgotten since are not seen, so that older windows may look longer than they were.</p></section>

            """
    }

    /// The last 30 days, or less where the first snapshot is younger.
    private var length: Double {
        let age = book.points.map { book.now.seconds(since: $0.committed) }.max() ?? 0
        return min(max(age, Self.shortest), Self.longest)
    }

    private var title: String { length < Self.longest ? "since the first snapshot" : "of the last 30 days" }

    private func sentence(_ windows: LossWindows, _ objective: Double?) -> String {
        guard let objective else { return "No objective was set for it." }
        let over = windows.count(over: objective)
        let allowed = "the RPO, the objective, of \(Quantity.duration(seconds: objective))"
        return over == 0
            ? "It never went over \(allowed)." : "It went over \(allowed), \(Quantity.count(over, "time"))."
    }

    private static func instant(_ end: Instant, secondsBefore: Double) -> Instant {
        let (seconds, isTooFar) = end.seconds.subtractingReportingOverflow(Int64(secondsBefore.rounded()))
        return isTooFar ? end : Instant(seconds: seconds)
    }
}
