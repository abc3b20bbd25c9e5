import Formats

/// One thing that is wrong with a policy, and where.
package struct PolicyMistake: Sendable, Equatable {
    /// One sentence without a full stop.
    package var sentence: String
    package var place: JSON5Place
    /// What the writer may do about it.
    package var hint: String?

    /// Makes a mistake.
    package init(_ sentence: String, at place: JSON5Place, hint: String? = nil) {
        self.sentence = sentence
        self.place = place
        self.hint = hint
    }
}
