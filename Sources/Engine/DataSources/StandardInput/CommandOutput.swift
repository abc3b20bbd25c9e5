import Platform

/// What a command writes, while it runs. It is ended, with all that it started, when nobody reads any more.
final class CommandOutput {
    private let command: InputCommand
    private let child: ChildProcess
    private var endedWell = false

    /// Starts the command, in a process group of its own; it reads nothing, and its standard error is ours.
    init(_ command: InputCommand) throws {
        self.command = command
        child = try ChildProcess(
            ["/bin/sh", "-c", command.line], environment: command.environment, input: .null, output: .pipe,
            errors: .inherited, ownGroup: true)
    }

    deinit { if !endedWell { child.stop() } }

    func read(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int {
        try child.readOutput(into: &buffer, idle: idle)
    }

    /// After the last byte: waits for the command's end, which must be a good one.
    func end(idle: () throws -> Void) throws {
        let ending = try child.wait(idle: idle)
        guard ending.succeeded else {
            throw Failure(
                .failed, "the command of --stdin-command failed (\(ending.words)): \(command.line)",
                hint: "what it wrote is not kept; its own words are above")
        }
        endedWell = true
    }
}
