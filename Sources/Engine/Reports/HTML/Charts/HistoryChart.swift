import Formats
import Platform

/// The measured recovery times of the drills of one system. Only drills that can be compared are joined.
struct HistoryChart {
    private static let top = 20.0
    private static let bottom = 172.0
    /// A report that is shown has its texts cut; others may not.
    private static let conditionMax = 150
    /// Where drills stand that measured nothing.
    private static let unmeasured = 194.0

    /// Oldest first.
    let drills: [Report]
    /// The identifier of the drill that the page is about.
    let shown: String
    /// Seconds; nil where nothing was promised.
    let objective: Double?

    /// The drawing.
    var drawing: Markup {
        let scale = ChartScale(holding: drills.compactMap(\.measuredRecoverySeconds), objective: objective)
        return """
            <svg class="chart" role="img" aria-labelledby="history-title history-text" width="100%" height="228">
            <title id="history-title">Measured recovery times of the drills on record</title>\
            <desc id="history-text">\(description)</desc>
            \(scale.marks(4).map { mark($0, scale) })
            \(none)\(limit(scale))
            \(joints(scale))
            \(drills.map { dot($0, scale) })
            \(dates)</svg>

            """
    }

    /// Whether the times of two drills mean the same: equal scope, machine and cache.
    static func areComparable(_ one: Report, _ other: Report) -> Bool {
        let facts = { (report: Report) in
            ["scope", "host", "cache"].map { key in
                report.conditions.first { $0.key == key }.map { VisibleText.beginning($0.value, max: conditionMax) }
            }
        }
        return facts(one) == facts(other)
    }

    private var description: String {
        let parts = drills.suffix(12).map {
            "\(HTMLWords.day($0.started)) \($0.verdict) \(HTMLWords.duration($0.measuredRecoverySeconds))"
        }
        return "the last \(parts.count): " + parts.joined(separator: ", ")
    }

    private var none: Markup {
        drills.contains { $0.measuredRecoverySeconds == nil } ? "<text x=\"0\" y=\"198\">none</text>" : ""
    }

    private func x(_ drill: Report) -> Double {
        guard let first = drills.first?.started, let last = drills.last?.started else { return 50 }
        let length = last.seconds(since: first)
        // Room for the labels of the axis on the left, and for half a dot on the right.
        return length > 0 ? 13 + min(max(drill.started.seconds(since: first) / length, 0), 1) * 84 : 55
    }

    private func y(_ seconds: Double?, _ scale: ChartScale) -> Double {
        guard let seconds else { return Self.unmeasured }
        return Self.bottom - scale.percent(seconds) / 100 * (Self.bottom - Self.top)
    }

    private func dot(_ drill: Report, _ scale: ChartScale) -> Markup {
        let time = HTMLWords.duration(drill.measuredRecoverySeconds)
        let name = "\(HTMLWords.minute(drill.started)): \(drill.verdict), \(time)"
        let ring: Markup = drill.identifier == shown ? "<circle class=\"ring\" r=\"11\"/>" : ""
        return """
            <svg x="\(x(drill))%" y="\(y(drill.measuredRecoverySeconds, scale))" overflow="visible">\
            <g class="dot \(VerdictMark.style(drill.verdict))"><title>\(name)</title>\(ring)\
            \(VerdictMark.shape(drill.verdict))</g></svg>

            """
    }

    private func joints(_ scale: ChartScale) -> Markup {
        var joints: Markup = ""
        var last: Report?
        for drill in drills where drill.measuredRecoverySeconds != nil {
            if let last, Self.areComparable(last, drill) {
                joints += """
                    <line class="joint" x1="\(x(last))%" y1="\(y(last.measuredRecoverySeconds, scale))" \
                    x2="\(x(drill))%" y2="\(y(drill.measuredRecoverySeconds, scale))"/>
                    """
            }
            last = drill
        }
        return joints
    }

    private func mark(_ seconds: Double, _ scale: ChartScale) -> Markup {
        ChartLines.mark(seconds, at: y(seconds, scale))
    }

    private func limit(_ scale: ChartScale) -> Markup {
        guard let objective else { return "" }
        return ChartLines.limit("RTO", objective, at: scale.holds(objective) ? y(objective, scale) : nil)
    }

    private var dates: Markup {
        guard let first = drills.first, let last = drills.last else { return "" }
        let names = HTMLWords.span(first.started, last.started)
        return """
            <text x="11%" y="222">\(names.first)</text>\
            <text x="100%" y="222" text-anchor="end">\(names.last)</text>
            """
    }
}
