import Formats
import Platform

/// How a verb ended: why not perfectly, and the members of its JSON result.
struct CommandOutcome: Sendable, Equatable {
    /// What keeps the run from being "done, all well"; empty for that.
    var reasons: [Failure] = []
    /// Members of the JSON result, from the verb's `resultKeys`.
    var result: [JSONValue.Member] = []

    /// The one exit code that stands for all reasons: the first by precedence.
    static func exitCode(_ reasons: [Failure]) -> Int32 {
        for kind in FailureKind.precedence where reasons.contains(where: { $0.kind == kind }) { return kind.exitCode }
        return 0
    }
}
