/// Why a text is no JSON5: the sentence, where, and what may be meant.
package struct JSON5Problem: Error, Sendable, Equatable {
    /// One sentence without a full stop.
    package var sentence: String
    package var place: JSON5Place
    /// What the writer may do about it.
    package var hint: String?

    /// Makes a problem.
    package init(_ sentence: String, at place: JSON5Place, hint: String? = nil) {
        self.sentence = sentence
        self.place = place
        self.hint = hint
    }
}
