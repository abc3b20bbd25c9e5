import Platform

/// The user's own command, run on what came back before the checks look at it: to make it usable, to ask it questions,
/// or to damage it and see that the checks notice.
///
/// It is a line for `/bin/sh`, since it is the user's to write. It runs as the user who runs salvor, who may reach both
/// the files and the server's socket, in the area, without the secrets of salvor's environment.
struct BeforeChecksCommand {
    let line: String
    let area: StagingArea
    let environment: StagedEnvironment
    /// The words that put it into the drill's network.
    let entrance: [String]

    /// Runs the command to its end; throws `.unverifiable` with its words when it fails, since what the checks would
    /// see then is not what was meant.
    func run(_ cancellation: any Cancellation) throws {
        let outcome = try ChildProcess.run(
            entrance + ["/bin/sh", "-c", line], environment: environment.variables, limit: 1 << 20,
            directory: String(decoding: area.path, as: UTF8.self), cancellation: cancellation)
        guard outcome.ending.succeeded else {
            let words = outcome.errors.isEmpty ? nil : outcome.complaint
            throw Failure(
                .unverifiable, "the command before the checks failed (\(outcome.ending.words)): \(line)", cause: words)
        }
    }
}
