/// Rows under headings, columns aligned, two spaces between them.
struct TextTable {
    /// Which edge of a column the text touches.
    enum Alignment: Sendable {
        case left
        case right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    /// Begins a table.
    init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row with a cell a column.
    mutating func add(_ row: [String]) {
        precondition(row.count == columns.count, "a row has a cell a column")
        rows.append(row)
    }

    /// Whether there is no row.
    var isEmpty: Bool { rows.isEmpty }

    /// The lines, headings first, without spaces at their ends.
    var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[index] - cell.count)
                line += (index > 0 ? "  " : "") + (columns[index].alignment == .right ? space + cell : cell + space)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
