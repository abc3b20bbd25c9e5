import Formats
import Platform

/// How much data a loss would have cost at each moment of the last weeks, against the objective.
struct LossChart {
    /// More rises than that are drawn as the longest in each column.
    private static let risesMax = 400
    private static let columns = 300

    let windows: LossWindows
    /// Seconds; nil where nothing was promised.
    let objective: Double?
    let begin: Instant
    let end: Instant

    /// The drawing.
    var drawing: Markup {
        let scale = ChartScale(holding: [windows.worst?.lossAfter ?? 0], objective: objective)
        return """
            <svg class="chart" role="img" aria-labelledby="loss-title loss-text" width="100%" height="176">
            <title id="loss-title">Data-loss window over time</title>\
            <desc id="loss-text">\(description)</desc>
            \(scale.marks(4).map { mark($0, scale) })
            <svg x="11%" y="20" width="89%" height="130" viewBox="0 0 1000 1000" preserveAspectRatio="none">
            <defs><path id="loss" d="\(outline(scale))"/></defs><use href="#loss" class="loss"/>\(over(scale))</svg>
            \(limit(scale))
            <text x="11%" y="170">\(dates.first)</text>\
            <text x="100%" y="170" text-anchor="end">\(dates.last)</text></svg>

            """
    }

    private var dates: (first: String, last: String) { HTMLWords.span(begin, end) }

    private var description: String {
        let worst = windows.worst.map { "the longest was \(Quantity.duration(seconds: $0.lossAfter))" } ?? "nothing"
        let limit = objective.map { ", the objective is \(Quantity.duration(seconds: $0))" } ?? ""
        return "\(worst)\(limit)"
    }

    /// An area whose upper edge is the loss, in thousandths of width and height.
    private func outline(_ scale: ChartScale) -> Markup {
        let place = { (seconds: Double, loss: Double) in
            (x: Int(min(max(seconds / windows.length, 0), 1) * 1000), y: Int(1000 - scale.percent(loss) * 10))
        }
        var path: Markup = ""
        if windows.rises.count <= Self.risesMax {
            for rise in windows.rises {
                let (from, to) = (place(rise.from, rise.lossBefore), place(rise.to, rise.lossAfter))
                path += "M\(from.x) 1000V\(from.y)L\(to.x) \(to.y)V1000Z"
            }
        } else {
            var peaks = [Double](repeating: 0, count: Self.columns)
            for rise in windows.rises {
                let last = min(Self.columns - 1, max(0, place(rise.to, 0).x * Self.columns / 1000))
                let first = min(last, max(0, place(rise.from, 0).x * Self.columns / 1000))
                for column in first...last { peaks[column] = max(peaks[column], rise.lossAfter) }
            }
            path += "M0 1000"
            for (column, peak) in peaks.enumerated() {
                path += "V\(place(0, peak).y)H\((column + 1) * 1000 / Self.columns)"
            }
            path += "V1000Z"
        }
        return path
    }

    private func over(_ scale: ChartScale) -> Markup {
        guard let objective else { return "" }
        return """
            <clipPath id="over"><rect x="0" y="0" width="1000" height="\(1000 - scale.percent(objective) * 10)"/>\
            </clipPath><use href="#loss" class="over" clip-path="url(#over)"/>
            """
    }

    private func y(_ seconds: Double, _ scale: ChartScale) -> Double { 150 - scale.percent(seconds) * 1.3 }

    private func mark(_ seconds: Double, _ scale: ChartScale) -> Markup {
        ChartLines.mark(seconds, at: y(seconds, scale))
    }

    private func limit(_ scale: ChartScale) -> Markup {
        guard let objective else { return "" }
        return ChartLines.limit("RPO", objective, at: scale.holds(objective) ? y(objective, scale) : nil)
    }
}
