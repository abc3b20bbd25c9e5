import Formats

/// The horizontal lines of a chart over time: round values, and what was promised.
enum ChartLines {
    /// The line of a round value at a height.
    static func mark(_ seconds: Double, at place: Double) -> Markup {
        """
        <line class="grid" x1="11%" x2="100%" y1="\(place)" y2="\(place)"/>\
        <text x="0" y="\(place + 4)">\(ChartScale.label(seconds))</text>
        """
    }

    /// The line of an objective at a height; nil where it lies above the drawing.
    static func limit(_ word: String, _ objective: Double, at place: Double?) -> Markup {
        guard let place else {
            return """
                <text class="limit-text" x="100%" y="11" text-anchor="end">\
                \(word) \(Quantity.duration(seconds: objective)), far above ↑</text>
                """
        }
        return """
            <line class="limit" x1="11%" x2="100%" y1="\(place)" y2="\(place)"/>\
            <text class="limit-text" x="100%" y="11" text-anchor="end">\
            ┅┅ \(word) \(Quantity.duration(seconds: objective))</text>
            """
    }
}
