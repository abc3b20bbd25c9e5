import Formats

/// HTML or XML. What a literal says is markup; whatever text is interpolated into it is escaped, in elements and in
/// quoted attributes alike, so that no name of a file or table can become a tag. There is no way round that.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Pieces after each other.
    init(_ pieces: some Sequence<Markup>) { text = pieces.map(\.text).joined() }

    /// How many bytes it takes.
    var count: Int { text.utf8.count }

    static func + (left: Markup, right: Markup) -> Markup { "\(left)\(right)" }

    static func += (left: inout Markup, right: Markup) { left.text += right.text }

    /// Collects the pieces of a literal.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

        mutating func appendInterpolation(_ markup: [Markup]) { for piece in markup { text += piece.text } }

        mutating func appendInterpolation(_ number: Int) { text += String(number) }

        /// A place or a length in a drawing.
        mutating func appendInterpolation(_ length: Double) {
            text += Quantity.fixed(length.isFinite ? min(max(length, -1e6), 1e6) : 0, 2)
        }

        mutating func appendInterpolation(_ foreign: String) {
            for scalar in VisibleText.of(foreign).unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
