/// A line for the shell whose output is a source.
package struct InputCommand: Sendable {
    package var line: String
    /// All that the command finds in its environment.
    package var environment: [String: String]

    /// Makes a command; it is not run yet.
    package init(_ line: String, environment: [String: String]) {
        self.line = line
        self.environment = environment
    }
}
