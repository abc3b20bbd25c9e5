/// What a query's one value must be.
package enum SQLExpectation: Sendable, Equatable {
    /// Exactly this text, as the server writes the value.
    case equals(String)
    /// A number at least this large, at most that large; one side may be open.
    case range(atLeast: Double?, atMost: Double?)
    /// A match of an extended regular expression (POSIX) anywhere in the text.
    case matches(String)
}
