import Formats

/// The counted phases of a recovery, one after the other, against the objective.
struct PhaseBar {
    private static let styles = 8
    private static let nameMax = 60
    private static let labelledPercent = 3.5

    /// In order; all of them counted.
    let phases: [Report.Phase]
    /// Seconds; nil where nothing was promised.
    let objective: Double?

    /// The style of the phase at a place.
    static func style(_ index: Int) -> Markup { "p\(index % styles + 1)" }

    /// The drawing.
    var drawing: Markup {
        let total = phases.reduce(0) { $0 + max(0, $1.shareSeconds) }
        let scale = ChartScale(holding: [total], objective: objective)
        var begin = 0.0
        var bars: Markup = ""
        for (index, phase) in phases.enumerated() {
            let from = scale.percent(begin)
            begin += max(0, phase.shareSeconds)
            bars += segment(index, phase, from: from, width: scale.percent(begin) - from)
        }
        return """
            <svg class="chart" role="img" aria-labelledby="phases-title phases-text" width="100%" height="96">
            <title id="phases-title">Recovery time by phase</title><desc id="phases-text">\(description)</desc>
            \(scale.marks(4).map { mark($0, at: scale.percent($0)) })
            \(bars)\(limit(scale))</svg>

            """
    }

    /// The name is told twice here, beside the table.
    private static func name(_ phase: Report.Phase) -> String { VisibleText.beginning(phase.name, max: nameMax) }

    private var description: String {
        let parts = phases.map { "\(Self.name($0)) \(Quantity.duration(seconds: $0.shareSeconds))" }
        let limit = objective.map { "; the objective is \(Quantity.duration(seconds: $0))" } ?? ""
        return parts.joined(separator: ", ") + limit
    }

    private func segment(_ index: Int, _ phase: Report.Phase, from: Double, width: Double) -> Markup {
        let name = "\(index + 1) \(Self.name(phase)): \(Quantity.duration(seconds: phase.shareSeconds))"
        let number: Markup =
            width < Self.labelledPercent
            ? ""
            : """
            <text class="on" x="\(from + width / 2)%" y="52" text-anchor="middle">\(index + 1)</text>
            """
        return """
            <g class="\(Self.style(index))"><title>\(name)</title>\
            <rect class="segment" x="\(from)%" y="26" width="\(width)%" height="42"/>\(number)</g>

            """
    }

    private func mark(_ seconds: Double, at percent: Double) -> Markup {
        """
        <line class="grid" x1="\(percent)%" x2="\(percent)%" y1="20" y2="74"/>\
        <text x="\(percent)%" y="90" text-anchor="\(percent < 3 ? "start" : "middle")">\
        \(ChartScale.label(seconds))</text>
        """
    }

    private func limit(_ scale: ChartScale) -> Markup {
        guard let objective else { return "" }
        guard scale.holds(objective) else {
            return """
                <text class="limit-text" x="100%" y="13" text-anchor="end">\
                RTO \(Quantity.duration(seconds: objective)), far to the right →</text>
                """
        }
        let percent = scale.percent(objective)
        return """
            <line class="limit" x1="\(percent)%" x2="\(percent)%" y1="18" y2="76"/>\
            <text class="limit-text" x="\(percent)%" y="13" text-anchor="\(percent > 50 ? "end" : "start")">\
            RTO \(Quantity.duration(seconds: objective))</text>
            """
    }
}
