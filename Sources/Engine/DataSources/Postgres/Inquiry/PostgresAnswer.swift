import Formats

/// What a query answered, as far as one value of it goes.
package struct PostgresAnswer: Sendable, Equatable {
    /// How many rows there are; 2 for more than one.
    package var rows: Int
    package var columns: Int
    /// The first column of the first row, as the server writes it; nil for NULL, and where there is no row.
    package var text: String?

    /// Makes an answer.
    package init(rows: Int, columns: Int, text: String?) {
        self.rows = rows
        self.columns = columns
        self.text = text
    }

    /// What a query answers in a transaction that is under way. Of many rows only the first two are fetched.
    static func ask(_ query: String, of connection: PostgresConnection, checking: () throws -> Void) throws -> Self {
        try connection.execute("DECLARE salvor_asks NO SCROLL CURSOR FOR \(query)", checking: checking)
        return PostgresAnswer(try connection.query("FETCH 2 FROM salvor_asks", checking: checking))
    }

    private init(_ rows: PostgresRows) {
        let isThere = rows.count > 0 && rows.columns > 0
        self.init(rows: rows.count, columns: rows.columns, text: isThere ? rows.optional(0, 0) : nil)
    }

    /// Whether it is one row of one column.
    package var isOne: Bool { rows == 1 && columns == 1 }

    /// The value as a report may show it: numbers and truth values as they are, of a text only how long it is. What a
    /// database holds is nobody's to read in a report.
    package var shown: String {
        guard rows > 0 else { return "no row" }
        guard isOne else { return "\(rows == 1 ? "a row" : "several rows") of \(Quantity.count(columns, "column"))" }
        guard let text else { return "NULL" }
        if Double(text) != nil || ["t", "f"].contains(text) { return text }
        return "a text of \(Quantity.count(text.unicodeScalars.count, "character"))"
    }
}
