import Formats
import Platform

/// `salvor version`: which salvor this is, and what it runs on.
struct VersionCommand: Command {
    /// The version of this source tree.
    static let number = "0.1.0"
    /// The program and its version, as records and leaflets name it.
    static let tool = "salvor \(number)"

    let name = "version"
    let summary = "shows the version, and what salvor was built with"
    let explanation: [String] = []
    let operands: [OperandSpecification] = []
    let options: [OptionSpecification] = []
    let examples = [CommandExample("salvor version --json", "the same, for a script")]
    let failures: [FailureKind] = []
    let usesRepository = false
    let resultKeys = ["version", "swift", "platform"]

    func run(_ context: CommandContext) throws -> CommandOutcome {
        try context.output.line(Self.tool)
        try context.output.line("Swift \(Self.swift), \(Self.platform)")
        return CommandOutcome(result: [
            .init("version", .string(Self.number)),
            .init("swift", .string(Self.swift)),
            .init("platform", .string(Self.platform)),
        ])
    }

    /// The compiler, as far as it can be told apart.
    private static var swift: String {
        #if compiler(>=6.4)
            "6.4 or newer"
        #else
            "6.3"
        #endif
    }

    private static var platform: String {
        #if arch(x86_64)
            "linux x86_64"
        #elseif arch(arm64)
            "linux arm64"
        #else
            "linux"
        #endif
    }
}
