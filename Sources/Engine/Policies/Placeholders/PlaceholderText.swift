/// A text with placeholders such as `{db.url}`; `{{` and `}}` stand for braces.
///
/// Each text becomes one word of a program, one value of a variable, one address: no shell ever reads it.
package struct PlaceholderText: Sendable, Equatable {
    /// A stretch of the text.
    package enum Piece: Sendable, Equatable {
        /// As it stands, braces single.
        case literal(String)
        /// What stands between two braces.
        case placeholder(String)
    }

    package let pieces: [Piece]

    /// Reads a text; a brace without its partner is a problem, and so is a pair with nothing in it.
    package init(_ text: String) throws(PlaceholderProblem) {
        var pieces: [Piece] = []
        var literal = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "{" || scalar == "}", rest.first != scalar else {
                if scalar == "{" || scalar == "}" { rest = rest.dropFirst() }
                literal.append(scalar)
                continue
            }
            guard scalar == "{", let end = rest.firstIndex(where: { $0 == "}" || $0 == "{" }), rest[end] == "}" else {
                throw PlaceholderProblem(
                    "a `\(scalar)` stands alone", hint: "a brace that is meant as one is written \(scalar)\(scalar)")
            }
            guard end > rest.startIndex else { throw PlaceholderProblem("`{}` names nothing") }
            if !literal.isEmpty { pieces.append(.literal(String(literal))) }
            literal = String.UnicodeScalarView()
            pieces.append(.placeholder(String(rest[..<end])))
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { pieces.append(.literal(String(literal))) }
        self.pieces = pieces
    }

    /// What stands between braces, in order.
    package var names: [String] {
        pieces.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
    }

    /// The text with `value` in the place of each placeholder, which it gets as it stands between the braces.
    package func expanded<Problem: Error>(by value: (String) throws(Problem) -> String) throws(Problem) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .placeholder(let name): text += try value(name)
            }
        }
        return text
    }
}
