/// Why a text is not the JSON that was expected: the sentence, and where.
package struct JSONProblem: Error, Sendable, Equatable {
    package var sentence: String
    /// The byte at which it was noticed, from 0.
    package var offset: Int
}
