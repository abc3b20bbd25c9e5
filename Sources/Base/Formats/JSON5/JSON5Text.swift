/// A text by its Unicode scalars, with a position in it that knows its line and column.
struct JSON5Text {
    private let scalars: [Unicode.Scalar]
    /// Where each line begins.
    private let lineStarts: [Int]
    /// How many scalars are behind us.
    private(set) var position = 0

    /// Takes UTF-8; the first byte that is none is told with its place.
    init(_ bytes: [UInt8]) throws(JSON5Problem) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(bytes.count)
        var input = bytes.makeIterator()
        var decoder = UTF8()
        var isValid = true
        reading: while true {
            switch decoder.decode(&input) {
            case .scalarValue(let scalar): scalars.append(scalar)
            case .emptyInput: break reading
            case .error:
                isValid = false
                break reading
            }
        }
        if scalars.first == "\u{feff}" { scalars.removeFirst() }
        self.scalars = scalars
        lineStarts = Self.lineStarts(scalars)
        guard isValid else { throw JSON5Problem("bytes that are no UTF-8 text begin here", at: place(scalars.count)) }
    }

    private static func lineStarts(_ scalars: [Unicode.Scalar]) -> [Int] {
        var starts = [0]
        for (index, scalar) in scalars.enumerated() where isLineEnd(scalar) {
            if scalar == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" { continue }
            starts.append(index + 1)
        }
        return starts
    }

    /// Whether a line ends here: LF, CR, U+2028 or U+2029; CR and LF together are one end.
    static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool { ["\n", "\r", "\u{2028}", "\u{2029}"].contains(scalar) }

    /// Whether it separates words, as JSON5 says.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\u{b}", "\u{c}", "\u{a0}", "\u{feff}": true
        default: isLineEnd(scalar) || scalar.value > 0x7f && scalar.properties.generalCategory == .spaceSeparator
        }
    }

    /// The scalar `ahead` of us, nil behind the end.
    func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    /// Goes on by one, and answers what was there.
    @discardableResult
    mutating func take() -> Unicode.Scalar? {
        guard position < scalars.count else { return nil }
        position += 1
        return scalars[position - 1]
    }

    /// Goes on by one when `scalar` is there.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    /// The text from a position to ours.
    func text(from start: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<position])
        return String(text)
    }

    /// Where we are.
    var place: JSON5Place { place(position) }

    /// Where a position is.
    func place(_ position: Int) -> JSON5Place {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= position { low = middle } else { high = middle }
        }
        return JSON5Place(line: low + 1, column: position - lineStarts[low] + 1)
    }

    /// Passes spaces and comments.
    mutating func skipSpace() throws(JSON5Problem) {
        while let scalar = peek() {
            if Self.isSpace(scalar) {
                position += 1
            } else if scalar == "/", peek(1) == "/" {
                while let next = peek(), !Self.isLineEnd(next) { position += 1 }
            } else if scalar == "/", peek(1) == "*" {
                try skipBlock()
            } else {
                return
            }
        }
    }

    private mutating func skipBlock() throws(JSON5Problem) {
        let start = place
        position += 2
        while !(peek() == "*" && peek(1) == "/") {
            guard take() != nil else { throw JSON5Problem("this comment is not closed", at: start, hint: "by */") }
        }
        position += 2
    }
}
