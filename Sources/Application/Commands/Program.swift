import Formats
import Platform
import Policies

/// One run of salvor: words in, words out, an exit code.
package struct Program: Sendable {
    let commands: [any Command]
    let console: any Console
    let environment: [String: String]
    let workingDirectory: [UInt8]
    let cancellation: any Cancellation
    let clock: any Clock

    /// Stores are many small files read at once; more helps nobody.
    private static let openFilesWanted = 8192

    /// Runs what the process's command line asks for, and ends the process with its exit code.
    package static func main() -> Never { Invocation.end(exitCode: runProcess()) }

    private static func runProcess() -> Int32 {
        ProcessLimits.reserveStandardStreams()
        ProcessLimits.disableCoreDumps()
        ProcessLimits.raiseOpenFiles(to: openFilesWanted)
        ProcessLimits.returnFreedMemory()
        let console = ProcessConsole()
        do {
            let program = Program(
                commands: CommandTable.all, console: console, environment: Environment.all(),
                workingDirectory: try Invocation.workingDirectory(), cancellation: try SignalCancellation(),
                clock: SystemClock())
            return program.run(Invocation.words())
        } catch {
            let failure = Failure(error)
            Output(console: console, clock: SystemClock(), isJSON: false, isQuiet: true).failure(failure)
            return failure.kind.exitCode
        }
    }

    /// Runs the words of a command line.
    func run(_ words: [[UInt8]]) -> Int32 {
        let request: ArgumentParser.Request
        do throws(Failure) {
            request = try ArgumentParser.parse(words, commands: commands, environment: environment)
        } catch {
            return refuse(words, error)
        }
        switch request {
        case .run(let command, let arguments): return run(command, arguments)
        case .help(let command, var arguments):
            arguments.operands = command.map { [Array($0.name.utf8)] } ?? []
            return run(HelpCommand(), arguments)
        case .version(var arguments):
            arguments.operands = []
            return run(VersionCommand(), arguments)
        }
    }

    private func run(_ command: any Command, _ arguments: ParsedArguments) -> Int32 {
        let output = Output(
            console: console, clock: clock, isJSON: arguments.isOn(GlobalOptions.json),
            isQuiet: arguments.isOn(GlobalOptions.quiet))
        let context = CommandContext(
            arguments: arguments, output: output, console: console, environment: environment,
            workingDirectory: workingDirectory, cancellation: cancellation, clock: clock)
        var outcome: CommandOutcome
        var ping: Ping?
        do {
            ping = try Ping(for: command, context)
            ping?.begin()
            outcome = try command.run(context)
        } catch let mistakes as PolicyMistakes {
            outcome = CommandOutcome(reasons: mistakes.failures)
        } catch {
            outcome = CommandOutcome(reasons: [advised(Failure(error), command)])
        }
        for reason in outcome.reasons { output.failure(reason) }
        // Before the result is written, which tells whether the ping arrived.
        ping?.end(outcome, verb: command.name)
        if let ping { outcome.result.append(.init("ping", ping.json)) }
        let told = CommandOutcome.exitCode(outcome.reasons)
        let exit = finish(&outcome, verb: command.name, keys: command.allResultKeys, output)
        // The result could not be written: the last word is the one that counts.
        if exit != told { ping?.end(outcome, verb: command.name) }
        return exit
    }

    /// A usage failure without a hint points to the help.
    private func advised(_ failure: Failure, _ command: (any Command)?) -> Failure {
        guard failure.kind == .usage, failure.hint == nil else { return failure }
        var failure = failure
        failure.hint = "`salvor help\(command.map { " " + $0.name } ?? "")` shows what there is"
        return failure
    }

    /// A command line that cannot be read still gets its JSON result, when it asks for JSON.
    private func refuse(_ words: [[UInt8]], _ failure: Failure) -> Int32 {
        let json = words.prefix { $0 != Array("--".utf8) }.contains(Array(GlobalOptions.json.name.utf8))
        let output = Output(console: console, clock: clock, isJSON: json, isQuiet: true)
        let command = ArgumentParser.verb(in: words, commands: commands)
        var outcome = CommandOutcome(reasons: [advised(failure, command)])
        for reason in outcome.reasons { output.failure(reason) }
        return finish(&outcome, verb: command?.name ?? "usage", keys: command?.allResultKeys ?? [], output)
    }

    private func finish(_ outcome: inout CommandOutcome, verb: String, keys: [String], _ output: Output) -> Int32 {
        output.progress.hide()
        do throws(Failure) {
            try output.record("result", JSONShapes.result(verb: verb, keys: keys, outcome: outcome))
            try output.flush()
        } catch {
            // What was written before may have failed the run already, with this same failure.
            if !outcome.reasons.contains(error) {
                outcome.reasons.append(error)
                output.failure(error)
            }
        }
        return CommandOutcome.exitCode(outcome.reasons)
    }
}
