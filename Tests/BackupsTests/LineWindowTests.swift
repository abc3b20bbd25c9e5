import Backups
import DataSources
import Entries
import Formats
import Platform
import Repositories
import TestDoubles
import TestRepositories
import Testing

@Suite("Lines on their way into a repository")
struct LineWindowTests {
    /// A source that is one file of lines.
    private struct Lines: SourceAdapter {
        static let name = "lines"
        static let summary = "lines"
        let location = "/lines"
        let bytes: [UInt8]
        var refusal: Failure?

        func probe() throws { if let refusal { throw refusal } }

        func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
            let now = context.clock.now()
            let entry = Entry(name: Array("lines".utf8), kind: .file, permissions: 0o600, modified: now)
            try sink.root(entry, content: Content(entry: entry, bytes: bytes), order: .any)
            try sink.settle()
            return CaptureOutcome(dataTime: now, manifest: [:])
        }
    }

    private struct Content: ContentSource {
        let entry: Entry
        let bytes: [UInt8]
        let profile = CutProfile.lines(averageBytes: 4096)

        func open() throws -> any ContentReader { Reader(self) }
    }

    private final class Reader: ContentReader {
        private let content: Content
        private var taken = 0

        init(_ content: Content) { self.content = content }

        func read(into buffer: inout Buffer) throws -> Bool {
            let end = min(content.bytes.count, taken + buffer.room)
            let piece = Array(content.bytes[taken..<end])
            buffer.append(piece.span)
            defer { taken = end }
            return end > taken
        }

        func finish() throws -> (entry: Entry, unchanged: Bool) { (content.entry, true) }
    }

    @Test("are cut at their ends, however long one of them is, and come back as they were")
    func longLines() throws {
        let random = SeededRandomness(seed: 5)
        var bytes: [UInt8] = []
        // Around the largest chunk of lines, what is looked at of them at once, and the largest chunk of all.
        for length in [16 << 10, 600 << 10, (4 << 20) - 20_000, 5 << 20, 9 << 20] {
            for _ in 0..<300 { bytes += random.bytes(100 + Int(random.bytes(1)[0])).map { $0 | 0x80 } + [10] }
            bytes += [UInt8](repeating: 0x81, count: length) + random.bytes(50).map { $0 | 0x80 } + [10]
        }
        let made = try TestRepository()
        try backUp(Lines(bytes: bytes), to: made.repository, made.clock)
        let tree = try newest(made.repository)
        var back: [UInt8] = []
        var lengths: [Int] = []
        try tree.read([]) { piece in
            lengths.append(piece.count)
            back.append(piece)
        }
        #expect(back == bytes)
        var end = 0
        for length in lengths {
            end += length
            #expect(end == bytes.count || bytes[end - 1] == 10 || length == Limits.chunkBytes, "\(end) \(length)")
        }
        #expect(lengths.max() == Limits.chunkBytes && lengths.count > 60)
    }

    @Test("are not saved when they cannot be read, though that was found out before the run, and beside something else")
    func probedBefore() throws {
        let made = try TestRepository()
        func run(_ source: Lines) throws -> (answer: Int, outcome: BackupOutcome) {
            let plan = BackupPlan(
                sources: [.init(name: "web", adapter: source)], system: "shop", host: "web1", user: "root", tags: [],
                tool: "salvor test")
            let (answer, probe) = try SourceProbe.run(plan.sources) { 7 }
            return (answer, try BackupRun(made.repository, plan: plan, clock: made.clock).run(after: probe))
        }
        #expect(try run(Lines(bytes: [65, 10])).answer == 7)
        let refusal = Failure(.unreachable, "nobody answers")
        #expect(throws: refusal) { try run(Lines(bytes: [65, 10], refusal: refusal)) }
        #expect(throws: Failure(.wrongKey, "another key")) {
            try SourceProbe.run([.init(name: "web", adapter: Lines(bytes: [], refusal: refusal))]) {
                throw Failure(.wrongKey, "another key")
            }
        }
        #expect(try made.repository.records().count { $0.kind == .snapshot } == 1)
    }
}
