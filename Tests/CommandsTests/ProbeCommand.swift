import Formats
import Platform

@testable import Commands

/// A verb for tests: it has an option of each sort, and does what it is told.
struct ProbeCommand: Command {
    let name = "probe"
    let summary = "does what a test wants"
    let explanation: [String] = []
    let operands = [
        OperandSpecification("ACTION", choices: ["read", "write"], help: "what to do"),
        OperandSpecification("ITEM", required: false, repeats: true, help: "with what"),
    ]
    let options = [Self.level, Self.mark, Self.colour, Self.long]
    let examples: [CommandExample] = []
    let failures: [FailureKind] = []
    let usesRepository = true
    let resultKeys = ["first", "second"]
    let body: @Sendable (CommandContext) throws -> CommandOutcome

    static let level = OptionSpecification(
        "--level", letter: "v", value: "N", variable: "PROBE_LEVEL", help: "a number")
    static let mark = OptionSpecification("--mark", value: "TEXT", repeats: true, help: "a text")
    static let colour = OptionSpecification(
        "--colour", value: "COLOUR", choices: ["green", "red"], help: "green (when not given) or red")
    static let long = OptionSpecification(flag: "--long", letter: "l", help: "more")

    init(_ body: @escaping @Sendable (CommandContext) throws -> CommandOutcome = { _ in CommandOutcome() }) {
        self.body = body
    }

    func run(_ context: CommandContext) throws -> CommandOutcome { try body(context) }
}

/// Parses words for the probe verb.
func probe(_ words: String..., environment: [String: String] = [:]) throws -> ParsedArguments {
    let words = (["probe"] + words).map { Array($0.utf8) }
    let request = try ArgumentParser.parse(words, commands: [ProbeCommand()], environment: environment)
    guard case .run(_, let arguments) = request else { throw Failure(.failed, "not a run") }
    return arguments
}
