/// What a check found.
package struct CheckAnswer: Sendable, Equatable {
    /// What the source's manifest promised: `12 tables, 48,120 rows`.
    package var expected: String
    /// What is there.
    package var actual: String
    /// The answer in a sentence.
    package var detail: String
    /// The names of what differs; none: the check passed.
    package var differing: [String]
    /// How many more differ, whose names were not kept.
    package var unnamed: UInt64
    /// How many objects were compared.
    package var compared: UInt64

    /// Makes an answer.
    package init(
        expected: String, actual: String, detail: String, differing: [String], unnamed: UInt64 = 0, compared: UInt64
    ) {
        self.expected = expected
        self.actual = actual
        self.detail = detail
        self.differing = differing
        self.unnamed = unnamed
        self.compared = compared
    }
}
