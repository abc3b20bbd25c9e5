import DataSources
import Entries
import Formats
import Platform
import TestDoubles
import Testing

/// Gives the content of a source that is one file to whoever made it, unread.
private final class FileSink: CaptureSink, @unchecked Sendable {
    private(set) var entry: Entry?
    private(set) var content: (any ContentSource)?
    private let idle: () throws -> Void

    /// `idle` is asked whether the run goes on.
    init(idle: @escaping () throws -> Void = {}) { self.idle = idle }

    func root(_ entry: Entry, content: (any ContentSource)?, order: ChildOrder) throws {
        self.entry = entry
        self.content = content
    }
    func takesOver(_ entry: Entry) throws -> Bool { false }
    func add(_ entry: Entry, content: (any ContentSource)?) throws {}
    func enter(_ directory: Entry, order: ChildOrder) throws {}
    func leave() throws {}
    func settle() throws {}
    func report(_ finding: Finding) {}
    func checkCancellation() throws { try idle() }
}

@Suite("Standard input, and what a command writes, is captured as one file")
struct StandardInputTests {
    private let context = CaptureContext(
        rowHashKey: [], readers: 1, clock: ManualClock(seconds: 1_000_000))
    private static let environment = ["PATH": "/usr/bin:/bin", "A": "1"]

    private func command(_ line: String) -> StandardInputAdapter {
        StandardInputAdapter(.command(InputCommand(line, environment: Self.environment)))
    }

    private func content(
        _ adapter: StandardInputAdapter, idle: @escaping () throws -> Void = {}
    ) throws -> any ContentSource {
        let sink = FileSink(idle: idle)
        _ = try adapter.capture(into: sink, context: context)
        return try #require(sink.content)
    }

    /// Reads a content to its end.
    private func read(_ content: any ContentSource) throws -> (bytes: [UInt8], entry: Entry) {
        let reader = try content.open()
        var buffer = Buffer(capacity: 1 << 16)
        var bytes: [UInt8] = []
        while try reader.read(into: &buffer) {
            bytes.append(buffer.bytes)
            buffer.clear()
        }
        let (entry, unchanged) = try reader.finish()
        #expect(unchanged)
        return (bytes, entry)
    }

    @Test("the bytes come as they are, the file is ours alone, and its time is that of the reading")
    func input() throws {
        let bytes = SeededRandomness(seed: 1).bytes(300_000)
        let adapter = StandardInputAdapter(.input(GivenInput(bytes, pieceBytes: 5000)))
        #expect(adapter.location == "-")
        let recording = try RecordingSink.record(adapter, clock: context.clock)
        let root = try #require(recording.sink.root)
        #expect(root.bytes == bytes)
        #expect(root.profile == .file)
        #expect(root.entry.kind == .file && root.entry.permissions == 0o600 && root.entry.size == 300_000)
        #expect(root.entry.user == Host.userID && root.entry.userName == Host.userName())
        #expect(root.entry.modified == Instant(seconds: 1_000_000))
        #expect(recording.outcome.dataTime == root.entry.modified)
        #expect(recording.outcome.manifest == ["bytes": 300_000, "from": "standardInput", "command": .null])
        #expect(recording.findings.isEmpty)
    }

    @Test("nothing at all is saved as nothing, and that is worth a word")
    func empty() throws {
        let recording = try RecordingSink.record(StandardInputAdapter(.input(GivenInput())))
        #expect(recording.sink.root?.bytes == [])
        #expect(recording.findings.map(\.weight) == [.notice])
    }

    @Test("a command's output comes whole, with the environment that it is given and nothing to read")
    func commandOutput() throws {
        let recording = try RecordingSink.record(command("env | sort | grep -v '^PWD=\\|^_='; wc -c; seq 100000"))
        let text = String(decoding: recording.sink.root?.bytes ?? [], as: UTF8.self)
        #expect(text.hasPrefix("A=1\nPATH=/usr/bin:/bin\n0\n1\n2\n"))
        #expect(text.hasSuffix("\n99999\n100000\n"))
        #expect(recording.outcome.manifest["bytes"]?.whole == Int64(text.utf8.count))
        #expect(recording.outcome.manifest["from"]?.text == "command")
        #expect(recording.outcome.manifest["command"]?.text?.hasPrefix("env | sort") == true)
    }

    @Test(
        "a command that fails or is killed fails the reading at its end, whatever it wrote, with the code",
        arguments: [
            ("echo much; exit 3", "exit 3"), ("exit 1", "exit 1"), ("echo x; kill -9 $$", "killed by signal 9"),
            ("no-such-program-at-all 2>/dev/null", "exit 127"), ("exec >&-; sleep 0.3; exit 5", "exit 5"),
        ])
    func failing(line: String, words: String) throws {
        let content = try content(command(line))
        let failure = #expect(throws: Failure.self) { _ = try read(content) }
        #expect(failure?.kind == .failed)
        #expect(failure?.description.contains(words) == true, "\(String(describing: failure))")
    }

    @Test("a reading that fails half way is a failure, and not the end")
    func broken() throws {
        let input = GivenInput([1, 2, 3], failure: Failure(.failed, "cannot read standard input"))
        let content = try content(StandardInputAdapter(.input(input)))
        #expect(throws: Failure.self) { _ = try read(content) }
    }

    @Test("what was read once cannot be read again, and says so")
    func once() throws {
        for adapter in [command("echo x"), StandardInputAdapter(.input(GivenInput([1])))] {
            let content = try content(adapter)
            _ = try read(content)
            let failure = #expect(throws: Failure.self) { _ = try content.open() }
            #expect(failure?.sentence.contains("a second time") == true)
            let again = try self.content(adapter)
            #expect(throws: Failure.self) { _ = try again.open() }
        }
    }

    @Test("a command that says nothing is ended with all that it started when the run is to stop")
    func stopped() throws {
        let folder = try TemporaryFolder("stdin")
        let limit = SystemClock().monotonicSeconds() + 0.5
        let content = try content(command("sleep 300 & echo $! > \(folder.path)/pid; wait")) {
            if SystemClock().monotonicSeconds() > limit { throw Failure(.interrupted, "enough") }
        }
        let failure = #expect(throws: Failure.self) { _ = try read(content) }
        #expect(failure?.kind == .interrupted)
        let text = String(decoding: try FileTree.read(folder.path("pid"), limit: 20), as: UTF8.self)
        #expect(isGone(String(text.dropLast())), "the command's own child ended with it")
    }

    @Test("what a command left running is ended when the command failed")
    func leftRunning() throws {
        let folder = try TemporaryFolder("stdin")
        let content = try content(command("sleep 300 >&- 2>&- & echo $! > \(folder.path)/pid; exit 2"))
        #expect(throws: Failure.self) { _ = try read(content) }
        let text = String(decoding: try FileTree.read(folder.path("pid"), limit: 20), as: UTF8.self)
        #expect(isGone(String(text.dropLast())))
    }

    private func isGone(_ process: String) -> Bool {
        for _ in 0..<500 {
            let state = try? FileTree.read(Array("/proc/\(process)/stat".utf8), limit: 4096)
            guard let state, !String(decoding: state, as: UTF8.self).contains(") Z ") else { return true }
            Pause.sleep(seconds: 0.01)
        }
        return false
    }
}
