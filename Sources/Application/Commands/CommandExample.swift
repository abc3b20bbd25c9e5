/// A line that works, and what it is for.
struct CommandExample: Sendable, Equatable {
    let line: String
    let purpose: String

    /// Makes an example.
    init(_ line: String, _ purpose: String) {
        self.line = line
        self.purpose = purpose
    }
}
