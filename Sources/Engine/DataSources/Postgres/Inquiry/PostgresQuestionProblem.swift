/// Why a question got no answer although the server is there: what it asks for is missing, or the question is wrong.
package struct PostgresQuestionProblem: Error, Sendable, Equatable {
    package var sentence: String
    /// What the server said.
    package var cause: String?
    /// Whether the query itself is no SQL: that says nothing about the database.
    package var isMistake: Bool

    /// Makes a problem.
    package init(_ sentence: String, cause: String?, isMistake: Bool = false) {
        self.sentence = sentence
        self.cause = cause
        self.isMistake = isMistake
    }

    /// What the server said against a query, as far as it speaks of the query and not of rows: a message about a value
    /// may hold the value, and what a database holds is nobody's to read in a report.
    init(_ sentence: String, _ error: PostgresError) {
        let speaksOfNames = ["42", "28", "3D", "3F", "53", "55", "57"].contains { error.sqlState.hasPrefix($0) }
        let state = error.sqlState.isEmpty ? "no SQLSTATE" : "SQLSTATE \(error.sqlState)"
        self.init(
            sentence, cause: speaksOfNames ? "\(error.message) (\(state))" : state,
            isMistake: error.sqlState == Self.syntaxError)
    }

    private static let syntaxError = "42601"

    /// All of it in one sentence.
    package var description: String { cause.map { "\(sentence): \($0)" } ?? sentence }
}
