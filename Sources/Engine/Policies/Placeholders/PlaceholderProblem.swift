/// Why a placeholder cannot be used: the sentence, and what may be meant.
package struct PlaceholderProblem: Error, Sendable, Equatable {
    /// One sentence without a full stop.
    package var sentence: String
    package var hint: String?

    /// Makes a problem.
    package init(_ sentence: String, hint: String? = nil) {
        self.sentence = sentence
        self.hint = hint
    }
}
