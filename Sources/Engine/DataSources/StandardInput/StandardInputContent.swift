import Entries
import Formats
import Platform

/// The bytes of a source that can be read once, and what is known of them afterwards.
final class StandardInputContent: Sendable {
    private let origin: StandardInputAdapter.Origin
    private let state = State()

    init(_ origin: StandardInputAdapter.Origin) { self.origin = origin }

    /// How many bytes were read.
    var bytes: UInt64 { state.bytes }

    /// How many bytes there were, and where from.
    var manifest: JSONValue {
        switch origin {
        case .input: ["bytes": JSONValue(bytes), "from": "standardInput", "command": .null]
        case .command(let command):
            ["bytes": JSONValue(bytes), "from": "command", "command": .string(command.line)]
        }
    }

    /// Begins the only reading there is.
    func open(_ entry: Entry, _ sink: any CaptureSink) throws(Failure) -> StandardInputReader {
        guard state.begin() else {
            throw Failure(
                .failed, "standard input cannot be read a second time", hint: "run the whole command again")
        }
        return StandardInputReader(origin, entry: entry, sink: sink) { [state] in state.finish($0) }
    }

    /// The content as a sink takes it.
    struct Reading: ContentSource {
        private let content: StandardInputContent
        private let entry: Entry
        private let sink: any CaptureSink

        init(_ content: StandardInputContent, entry: Entry, sink: any CaptureSink) {
            self.content = content
            self.entry = entry
            self.sink = sink
        }

        var profile: CutProfile { .file }
        func open() throws -> any ContentReader { try content.open(entry, sink) }
    }

    private final class State: @unchecked Sendable {
        private let lock = Lock()
        private var hasBegun = false
        private var count: UInt64 = 0

        var bytes: UInt64 { lock.locked { count } }

        /// False when somebody has begun already.
        func begin() -> Bool {
            lock.locked {
                defer { hasBegun = true }
                return !hasBegun
            }
        }

        func finish(_ bytes: UInt64) { lock.locked { count = bytes } }
    }
}
