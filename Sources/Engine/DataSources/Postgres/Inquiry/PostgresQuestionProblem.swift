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

    /// All of it in one sentence.
    package var description: String { cause.map { "\(sentence): \($0)" } ?? sentence }
}
