/// One pattern of a gitignore list: which entries of a tree it means, and whether it takes them out or back in.
///
/// `!` in front takes back in what an earlier pattern took out. A slash in front or inside binds the pattern to the
/// top of the tree; without one it means names at every level. A slash at the end means directories only. A component
/// `**` stands for any number of levels, also for none; beside other bytes two stars are one.
///
/// What could never match anything is refused rather than kept: in a backup's list it is a mistake.
package struct PathPattern: Sendable, Equatable {
    /// A step of the way from the top to what is meant.
    enum Step: Sendable, Equatable {
        /// Any number of levels.
        case levels
        case name(Glob)
    }

    /// The pattern as it was written.
    package let text: [UInt8]
    /// Whether it takes back in what an earlier pattern took out.
    package let isNegated: Bool
    /// Whether it means directories only.
    package let directoriesOnly: Bool
    /// Whether it was written with a slash in front.
    package let beginsWithSlash: Bool
    /// The way from the top; the last step is a name.
    let steps: [Step]

    private static let slash = UInt8(ascii: "/")

    /// Understands a pattern that stands alone: a `#` in front and blanks at its end belong to it.
    package init(_ text: [UInt8], ignoringCase: Bool = false) throws(PatternProblem) {
        var rest = text[...]
        isNegated = rest.first == UInt8(ascii: "!")
        if isNegated { rest = rest.dropFirst() }
        directoriesOnly = rest.last == Self.slash
        if directoriesOnly { rest = rest.dropLast() }
        var pieces = try Self.pieces(Array(rest))
        beginsWithSlash = pieces.count > 1 && pieces[0].isEmpty
        if beginsWithSlash { pieces.removeFirst() }
        if pieces == [[]] { throw PatternProblem("it names nothing") }
        var steps: [Step] = []
        // Without a slash, be it in a set, a name is meant at every level.
        if !rest.contains(Self.slash) { steps.append(.levels) }
        for piece in pieces {
            if piece.count > 1, piece.allSatisfy({ $0 == UInt8(ascii: "*") }) {
                if steps.last != .levels { steps.append(.levels) }
            } else {
                steps.append(.name(try Self.name(piece, ignoringCase)))
            }
        }
        // Everything below, which is one name at least.
        if steps.last == .levels { steps.append(.name(try Glob("*".utf8))) }
        self.steps = steps
        self.text = text
    }

    /// Understands a line of a list; nil for an empty line and for a comment.
    ///
    /// The line comes without its line feed. A carriage return at its end is dropped, and so are blanks, but for one
    /// behind a backslash.
    package init?(line: some Collection<UInt8>, ignoringCase: Bool = false) throws(PatternProblem) {
        var text = Array(line)
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        guard text.first != UInt8(ascii: "#") else { return nil }
        var end = 0
        var position = 0
        while position < text.count {
            let isBlank = text[position] == UInt8(ascii: " ")
            position = min(position + (text[position] == UInt8(ascii: "\\") ? 2 : 1), text.count)
            if !isBlank { end = position }
        }
        guard end > 0 else { return nil }
        try self.init(Array(text[..<end]), ignoringCase: ignoringCase)
    }

    /// The names that the pattern begins with, from the top, as far as they have no wildcard.
    package var literalStart: [[UInt8]] {
        var names: [[UInt8]] = []
        for step in steps {
            guard case .name(let glob) = step, let name = glob.literal else { break }
            names.append(name)
        }
        return names
    }

    /// The components of a pattern. A slash in a set is a member of it, and one behind a backslash is a slash.
    private static func pieces(_ text: [UInt8]) throws(PatternProblem) -> [[UInt8]] {
        var pieces: [[UInt8]] = [[]]
        var position = 0
        while position < text.count {
            var end = position + 1
            switch text[position] {
            case slash: pieces.append([])
            case UInt8(ascii: "["):
                end = try GlobParser.endOfSet(in: text, from: position)
                pieces[pieces.count - 1] += text[position..<end]
            case UInt8(ascii: "\\") where end < text.count && text[end] == slash:
                break
            case UInt8(ascii: "\\"):
                end = min(position + 2, text.count)
                pieces[pieces.count - 1] += text[position..<end]
            default: pieces[pieces.count - 1].append(text[position])
            }
            position = end
        }
        return pieces
    }

    private static func name(_ piece: [UInt8], _ ignoringCase: Bool) throws(PatternProblem) -> Glob {
        let glob = try Glob(piece, ignoringCase: ignoringCase)
        switch glob.literal.map({ String(decoding: $0, as: UTF8.self) }) {
        case "": throw PatternProblem("it has two slashes in a row, and matches nothing")
        case ".", "..":
            throw PatternProblem(
                "it has a component `.` or `..`, which no entry is named", hint: "patterns begin at the top, without ./"
            )
        default: return glob
        }
    }
}
