import Platform

/// What a verb gets to work with. Nothing else of the process reaches it, so a test can stand in for all of it.
struct CommandContext: Sendable {
    let arguments: ParsedArguments
    let output: Output
    let console: any Console
    let environment: [String: String]
    /// Absolute; relative paths begin here.
    let workingDirectory: [UInt8]
    let cancellation: any Cancellation
    let clock: any Clock
    /// Whether the verb takes its data from standard input: then nobody else may read there.
    var inputIsData = false
    /// The policy, once it is read.
    let policyFile = PolicyFile()

    /// The path of an operand or option, absolute.
    func absolute(_ path: [UInt8]) throws(Failure) -> [UInt8] {
        try AbsolutePath.of(path, workingDirectory: workingDirectory)
    }

    /// Where the password comes from.
    var passwords: PasswordSource {
        PasswordSource(
            console: console, environment: environment, workingDirectory: workingDirectory, cancellation: cancellation,
            inputIsData: inputIsData, reference: { try policyPassword() }, warn: { output.warn($0) })
    }
}
