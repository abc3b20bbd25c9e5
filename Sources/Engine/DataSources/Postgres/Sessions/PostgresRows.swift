/// The answer to a query: rows of text, nil for NULL.
struct PostgresRows: Sendable {
    let columns: Int
    let cells: [String?]

    /// How many rows there are.
    var count: Int { columns == 0 ? 0 : cells.count / columns }

    /// One value; NULL reads as an empty text.
    subscript(row: Int, column: Int) -> String { cells[row * columns + column] ?? "" }

    /// One value, nil for NULL.
    func optional(_ row: Int, _ column: Int) -> String? { cells[row * columns + column] }

    /// One truth value.
    func flag(_ row: Int, _ column: Int) -> Bool { cells[row * columns + column] == "t" }

    /// One whole number, 0 for NULL.
    func number(_ row: Int, _ column: Int) -> Int64 { cells[row * columns + column].flatMap { Int64($0) } ?? 0 }
}
