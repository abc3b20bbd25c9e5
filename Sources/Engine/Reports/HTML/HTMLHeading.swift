/// The heading of a column.
struct HTMLHeading: ExpressibleByStringLiteral, Sendable {
    private let title: String
    private let isNumber: Bool

    init(stringLiteral title: String) {
        self.title = title
        isNumber = false
    }

    private init(number title: String) {
        self.title = title
        isNumber = true
    }

    /// Over numbers, which stand at the right.
    static func number(_ title: String) -> HTMLHeading { HTMLHeading(number: title) }

    /// The cell.
    var markup: Markup { "<th scope=\"col\"\(isNumber ? " class=\"n\"" : "" as Markup)>\(title)</th>" }
}
