import Backups
import DataSources
import Entries
import Formats
import Platform
import Repositories
import Restores
import Synchronization
import TestDoubles
import TestRepositories
import Testing

@Suite("A backup of chosen files, and of what is read once")
struct ChosenSourcesTests {
    private func root(_ repository: Repository) throws -> TreeEntry { try newest(repository).entry(at: []) }

    private func bytes(_ repository: Repository) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try newest(repository).read([]) { bytes.append($0) }
        return bytes
    }

    @Test("standard input becomes one file with the source's name, and its manifest says how much came")
    func standardInput() throws {
        let made = try TestRepository()
        // Several times what is cut and looked at in one piece.
        let given = noise(20 << 20, seed: 3)
        let outcome = try backUp(StandardInputAdapter(.input(GivenInput(given))), to: made.repository, made.clock)
        #expect(outcome.isComplete && outcome.sources[0].counts.files == 1)
        #expect(try bytes(made.repository) == given)
        let entry = try root(made.repository).entry
        #expect(entry.name == Array("web".utf8) && entry.size == UInt64(given.count) && entry.permissions == 0o600)
        #expect(try newest(made.repository).manifest()["bytes"]?.whole == Int64(given.count))
        made.clock.advance(seconds: 86_400)
        let second = try backUp(StandardInputAdapter(.input(GivenInput(given))), to: made.repository, made.clock)
        #expect(second.sources[0].counts.bytesNew == 0, "what is equal is stored once")
        #expect(second.sources[0].counts.bytesRead == UInt64(given.count), "and read all the same")
        #expect(second.parents["web"]?.session == outcome.record.session)
    }

    @Test(
        "a command that fails, or a reading that breaks, leaves no snapshot and no mark, and says why",
        arguments: ["exit 3", "seq 1000000; kill -9 $$", "head -c 20000000 /dev/zero; exit 9"])
    func failing(line: String) throws {
        let made = try TestRepository()
        let adapter = StandardInputAdapter(.command(InputCommand(line, environment: ["PATH": "/usr/bin:/bin"])))
        let failure = #expect(throws: Failure.self) { try backUp(adapter, to: made.repository, made.clock) }
        #expect(failure?.kind == .failed)
        #expect(failure?.sentence == "the source web could not be read")
        #expect(failure?.cause?.contains(line) == true, "\(String(describing: failure))")
        let broken = GivenInput(noise(9 << 20, seed: 1), failure: Failure(.failed, "the pipe broke"))
        let second = #expect(throws: Failure.self) {
            try backUp(StandardInputAdapter(.input(broken)), to: made.repository, made.clock)
        }
        #expect(second?.cause == "the pipe broke")
        #expect(try made.repository.records().filter { $0.kind == .snapshot }.isEmpty)
        #expect(try made.repository.names(in: .sessionMark).isEmpty)
    }

    /// Gives zeros, which are one chunk to store, and then nothing for as long as it is allowed to.
    private final class SilentInput: ByteInput, @unchecked Sendable {
        private var given = 0
        private let whenAsked: () -> Void

        init(whenAsked: @escaping () -> Void) { self.whenAsked = whenAsked }

        func read(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int {
            if given == 0 { whenAsked() }
            while given >= 10 << 20 {
                Pause.sleep(seconds: 0.01)
                try idle()
            }
            let count = min(buffer.room, 1 << 20)
            given += count
            buffer.appendZeros(count)
            return count
        }
    }

    /// Stops a run after a while that is longer than storing some chunks takes.
    private final class Patience: Cancellation {
        private let end = SystemClock().monotonicSeconds() + 5
        private let ended = Atomic<Bool>(false)
        /// Whether it came to that.
        var isOver: Bool { ended.load(ordering: .relaxed) }

        func check() throws {
            guard SystemClock().monotonicSeconds() > end else { return }
            ended.store(true, ordering: .relaxed)
            throw Failure(.interrupted, "nothing came")
        }
    }

    @Test("a store that fails meanwhile ends the waiting for input that does not come")
    func failingStore() throws {
        let made = try TestRepository()
        func run(
            _ store: FaultyStore, seed: UInt64, _ patience: Patience, whenAsked: @escaping () -> Void = {}
        ) -> Failure? {
            #expect(throws: Failure.self) {
                try backUp(
                    StandardInputAdapter(.input(SilentInput(whenAsked: whenAsked))),
                    to: try TestRepository.open(store, seed: seed), made.clock, cancellation: patience)
            }
        }
        // How many calls the beginning of a session makes; the next one begins a pack.
        let healthy = FaultyStore(made.store, .dead, atCall: 0)
        var calls = 0
        #expect(run(healthy, seed: 100, Patience()) { calls = healthy.calls }?.kind == .interrupted)
        let store = FaultyStore(try TestRepository().store, .dead, atCall: calls + 1, delaySeconds: 1)
        let patience = Patience()
        #expect(run(store, seed: 101, patience)?.kind == .unreachable)
        #expect(!patience.isOver)
    }

    @Test("a source that is one file and cannot be read is named, and there is no snapshot")
    func unreadableFile() throws {
        /// Its only file goes away before it is opened.
        struct Vanishing: SourceAdapter {
            static let name = "files"
            static let summary = "nothing"
            let location = "/file"
            let files: FilesAdapter
            func probe() throws {}
            func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
                try FileTree.remove(files.path)
                return try files.capture(into: sink, context: context)
            }
        }
        let made = try TestRepository()
        let folder = try TemporaryFolder("file")
        let path = try folder.write("the-file", text: "x")
        let failure = #expect(throws: Failure.self) {
            try backUp(
                Vanishing(files: FilesAdapter(path: path)), to: made.repository, made.clock)
        }
        #expect(failure?.description.contains("the-file") == true)
        #expect(try made.repository.records().filter { $0.kind == .snapshot }.isEmpty)
    }

    @Test("a pattern that meant nothing in any source is told once, one that meant something in one of them is not")
    func unusedPatterns() throws {
        let made = try TestRepository()
        let folder = try TemporaryFolder("patterns")
        for name in ["one/a.tmp", "two/b.log", "two/c"] { try folder.write(name, text: "x") }
        func pattern(_ text: String, _ origin: String = "--exclude") throws -> FileSelection.Pattern {
            FileSelection.Pattern(try PathPattern(Array(text.utf8)), origin: origin)
        }
        let selection = FileSelection(
            excluding: [
                try pattern("*.tmp"), try pattern("*.log"), try pattern("nothing"), try pattern("nothing"),
                try pattern("nothing", "list:3"), try pattern("/c"),
            ])
        let plan = BackupPlan(
            sources: ["one", "two"].map {
                BackupPlan.Source(name: $0, adapter: FilesAdapter(path: folder.path($0), selection: selection))
            }, system: "shop", host: "web1", user: "root", tags: [], tool: "salvor test")
        let outcome = try BackupRun(made.repository, plan: plan, clock: made.clock).run()
        #expect(outcome.findings.map(\.object) == ["--exclude", "list:3"])
        #expect(outcome.findings.allSatisfy { $0.weight == .notice && $0.sentence.contains("nothing") })
        #expect(outcome.isComplete)
        #expect(outcome.sources.map { $0.selection?.entries } == [1, 2])
    }

    @Test("what is excluded differs from night to night: what goes is gone, what comes is there, the rest is not read")
    func nights() throws {
        let made = try TestRepository(clock: ManualClock(seconds: SystemClock().now().seconds + 3600))
        let folder = try TemporaryFolder("nights")
        for name in ["a.tmp", "b", "cache/c", "d/e.tmp", "d/f"] { try folder.write("tree/\(name)", text: name) }
        let nights: [(patterns: [String], held: Set<String>, read: Int)] = [
            (["*.tmp"], ["b", "cache/c", "d/f"], 3), (["cache/"], ["a.tmp", "b", "d/e.tmp", "d/f"], 2),
            ([], ["a.tmp", "b", "cache/c", "d/e.tmp", "d/f"], 1), (["d/", "b"], ["a.tmp", "cache/c"], 0),
            (["*", "!b"], ["b"], 1), (["*.tmp"], ["b", "cache/c", "d/f"], 2),
        ]
        for (patterns, held, read) in nights {
            made.clock.advance(seconds: 86_400)
            let selection = FileSelection(
                excluding: try patterns.map {
                    FileSelection.Pattern(try PathPattern(Array($0.utf8)), origin: "--exclude")
                })
            let outcome = try backUp(
                FilesAdapter(path: folder.path("tree"), selection: selection), to: made.repository, made.clock)
            #expect(Set(try contents(newest(made.repository)).keys) == held)
            let counts = outcome.sources[0].counts
            #expect(counts.files - counts.unchangedFiles == read, "\(patterns)")
        }
    }
}
