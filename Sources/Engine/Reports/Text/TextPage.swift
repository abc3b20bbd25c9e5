/// Lines of plain text that never grow wider than the page, whatever is written: long texts wrap, long words are cut,
/// and what could move a terminal's cursor or hide text is shown as an escape.
struct TextPage {
    private let columns: Int
    private var lines: [String] = []

    init(columns: Int) { self.columns = columns }

    /// All lines, each with its line break.
    var text: String { lines.map { $0 + "\n" }.joined() }

    mutating func blank() { lines.append("") }

    mutating func heading(_ title: String) {
        blank()
        paragraph(title)
    }

    mutating func paragraph(_ text: String) { write(text, first: "", indent: 0) }

    /// A point of a list.
    mutating func item(_ text: String) { write(text, first: "  - ", indent: 4) }

    /// A label, and a text that begins at `column` and stays there when it wraps.
    mutating func field(_ label: String, _ text: String, column: Int) {
        let shown = "  " + VisibleText.of(label)
        guard Self.width(shown) < column else {
            write(label, first: "  ", indent: 2)
            return write(text, first: Self.spaces(column), indent: column)
        }
        write(text, first: shown + Self.spaces(column - Self.width(shown)), indent: column)
    }

    /// Cells side by side, each at least as wide as told (negative: to the right), then a text that may wrap.
    mutating func row(_ cells: [String], widths: [Int], rest: String = "") {
        var line = "  "
        for (cell, width) in zip(cells, widths) {
            let shown = VisibleText.of(cell)
            let padding = Self.spaces(abs(width) - Self.width(shown))
            line += width < 0 ? padding + shown : shown + padding
        }
        let indent = min(Self.width(line) + 3, columns / 2)
        guard Self.width(line) < columns / 4 * 3 else {
            write(cells.joined(separator: " "), first: "  ", indent: 4)
            return rest.isEmpty ? () : write(rest, first: Self.spaces(indent), indent: indent)
        }
        write(rest, first: rest.isEmpty ? line : line + "   ", indent: indent)
    }

    private mutating func write(_ text: String, first: String, indent: Int) {
        var line = first
        var room = columns - Self.width(first)
        var isEmpty = true
        for word in VisibleText.of(text).split(separator: " ") {
            let width = Self.width(word)
            if !isEmpty, width + 1 > room {
                finish(&line, &room, &isEmpty, indent)
            } else if !isEmpty {
                line += " "
                room -= 1
            }
            for character in word {
                let wide = Self.width(of: character)
                if wide > room { finish(&line, &room, &isEmpty, indent) }
                line.append(character)
                room -= wide
                isEmpty = false
            }
        }
        lines.append(Self.trimmed(line))
    }

    private mutating func finish(_ line: inout String, _ room: inout Int, _ isEmpty: inout Bool, _ indent: Int) {
        lines.append(Self.trimmed(line))
        line = Self.spaces(indent)
        room = columns - indent
        isEmpty = true
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    private static func width(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + width(of: $1) } }

    /// Columns of one character on a terminal: two for the wide scripts of East Asia and pictures, else one.
    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        let wide: [ClosedRange<UInt32>] = [
            0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
            0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd,
        ]
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
}
