import Platform
import TestDoubles

@testable import Commands

/// A console that keeps what is written, and types what it is told to type.
final class RecordedConsole: Console, @unchecked Sendable {
    private let lock = Lock()
    private var written: [StandardStream: [UInt8]] = [.output: [], .errors: []]
    private var asked: [String] = []
    private var answers: [String]
    private let widths: [StandardStream: Int]
    /// The `errno` that writing to standard output ends with, once `outputRoom` bytes were taken.
    private let outputError: Int32?
    private var outputRoom: Int
    let input: any ByteInput
    let inputIsTerminal: Bool

    init(
        answers: [String] = [], widths: [StandardStream: Int] = [:], outputError: Int32? = nil, outputRoom: Int = 0,
        input: any ByteInput = GivenInput(), inputIsTerminal: Bool = false
    ) {
        self.input = input
        self.inputIsTerminal = inputIsTerminal
        self.answers = answers
        self.widths = widths
        self.outputError = outputError
        self.outputRoom = outputRoom
    }

    func write(_ bytes: [UInt8], to stream: StandardStream) throws(Failure) {
        try lock.locked { () throws(Failure) in
            if stream == .output, let outputError {
                outputRoom -= bytes.count
                if outputRoom < 0 { throw Failure.system("write to", "standard output", errno: outputError) }
            }
            written[stream, default: []] += bytes
        }
    }

    func width(of stream: StandardStream) -> Int? { widths[stream] }

    func readPassphrase(prompt: String) -> SecretBytes? {
        lock.locked {
            asked.append(prompt)
            return answers.isEmpty ? nil : SecretBytes(Array(answers.removeFirst().utf8))
        }
    }

    var output: String { lock.locked { String(decoding: written[.output] ?? [], as: UTF8.self) } }
    var outputBytes: [UInt8] { lock.locked { written[.output] ?? [] } }
    var errors: String { lock.locked { String(decoding: written[.errors] ?? [], as: UTF8.self) } }
    var prompts: [String] { lock.locked { asked } }
}

/// What one run said.
struct Said {
    var exit: Int32
    var output: String
    var errors: String
}

/// Runs a command line as the process would.
func salvor(
    _ words: String..., environment: [String: String] = [:], console: RecordedConsole = RecordedConsole(),
    commands: [any Command] = CommandTable.all
) -> Said {
    let program = Program(
        commands: commands, console: console, environment: environment, workingDirectory: Array("/".utf8),
        cancellation: NeverCancelled(), clock: ManualClock())
    let exit = program.run(words.map { Array($0.utf8) })
    return Said(exit: exit, output: console.output, errors: console.errors)
}

/// The failure that `body` throws, nil when it throws none.
func failure(_ body: () throws -> Void) -> Failure? {
    do {
        try body()
        return nil
    } catch { return Failure(error) }
}
