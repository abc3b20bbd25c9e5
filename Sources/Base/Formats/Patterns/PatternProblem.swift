/// Why a pattern cannot be used: the sentence, what may be meant, and where it stands.
package struct PatternProblem: Error, Sendable, Equatable {
    /// One sentence without a full stop, which names the pattern only as “it”.
    package var sentence: String
    /// What the writer may do about it.
    package var hint: String?
    /// The line in a list, from 1; nil for a pattern that stands alone.
    package var line: Int?

    /// Makes a problem.
    package init(_ sentence: String, hint: String? = nil, line: Int? = nil) {
        self.sentence = sentence
        self.hint = hint
        self.line = line
    }
}
