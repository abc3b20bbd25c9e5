import Formats
import Platform

/// One verb: everything about it in one file. Its options and help are data; `run` does it.
///
/// To add a verb, add its file under `Verbs` and a line in `CommandTable`.
protocol Command: Sendable {
    /// The word on the command line.
    var name: String { get }
    /// What it does, in one line without a full stop; it begins with a verb in the third person.
    var summary: String { get }
    /// What a reader of the help needs beyond the summary: one string a paragraph.
    var explanation: [String] { get }
    var operands: [OperandSpecification] { get }
    /// Its own options; the global ones come from `GlobalOptions`.
    var options: [OptionSpecification] { get }
    var examples: [CommandExample] { get }
    /// The kinds of failure that are its own, beside those of every verb (failed, usage, interrupted, terminated).
    var failures: [FailureKind] { get }
    /// Whether it opens a repository, so that the help shows how to name one.
    var usesRepository: Bool { get }
    /// The keys of its JSON result beside `type`, `schema`, `exit`, `reasons` and `problems`: always there, null when
    /// unknown.
    var resultKeys: [String] { get }

    /// Does it. Throws what ended the run; what went wrong on the side is in the outcome's reasons.
    func run(_ context: CommandContext) throws -> CommandOutcome
}

extension Command {
    /// All keys of its JSON result: its own, and that of the ping where it can send one.
    var allResultKeys: [String] { resultKeys + (PingOption.isTaken(by: self) ? ["ping"] : []) }
}
