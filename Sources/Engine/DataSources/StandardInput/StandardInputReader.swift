import Entries
import Platform

/// The reading of standard input, or of a command's output, as it comes.
final class StandardInputReader: ContentReader {
    private let origin: StandardInputAdapter.Origin
    private let entry: Entry
    private let sink: any CaptureSink
    private let told: (UInt64) -> Void
    private var command: CommandOutput?
    private var bytes: UInt64 = 0

    /// Reads for `sink`, which may stop it; `told` gets the number of bytes at the end.
    init(
        _ origin: StandardInputAdapter.Origin, entry: Entry, sink: any CaptureSink, told: @escaping (UInt64) -> Void
    ) {
        self.origin = origin
        self.entry = entry
        self.sink = sink
        self.told = told
    }

    func read(into buffer: inout Buffer) throws -> Bool {
        let count =
            switch origin {
            case .input(let input): try input.read(into: &buffer) { try sink.checkCancellation() }
            case .command(let line): try output(of: line).read(into: &buffer) { try sink.checkCancellation() }
            }
        bytes += UInt64(count)
        return count > 0
    }

    func finish() throws -> (entry: Entry, unchanged: Bool) {
        try command?.end { try sink.checkCancellation() }
        told(bytes)
        var finished = entry
        finished.size = bytes
        return (finished, true)
    }

    /// The command, started when its first byte is asked for.
    private func output(of line: InputCommand) throws -> CommandOutput {
        if let command { return command }
        let started = try CommandOutput(line)
        command = started
        return started
    }
}
