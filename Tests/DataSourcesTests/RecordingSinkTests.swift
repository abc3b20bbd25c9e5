import Entries
import DataSources
import Formats
import Platform
import TestDoubles
import Testing

/// An adapter that gives what it is told to give.
private struct ScriptedAdapter: SourceAdapter {
    static let name = "scripted"
    static let summary = "a script"
    let location = "scripted:"
    var script: @Sendable (any CaptureSink) throws -> Void

    func probe() throws {}
    func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        try script(sink)
        return CaptureOutcome(dataTime: Instant(seconds: 1), manifest: ["kind": "scripted"])
    }
}

private struct Letters: ContentSource {
    var entry: Entry
    var text: String
    let profile = CutProfile.lines(averageBytes: 4096)
    func open() throws -> any ContentReader { Reader(self) }

    private final class Reader: ContentReader {
        let content: Letters
        var rest: ArraySlice<UInt8>
        init(_ content: Letters) {
            self.content = content
            rest = Array(content.text.utf8)[...]
        }
        func read(into buffer: inout Buffer) throws -> Bool {
            let piece = Array(rest.prefix(buffer.room))
            rest = rest.dropFirst(piece.count)
            buffer.append(piece.span)
            return !piece.isEmpty
        }
        func finish() throws -> (entry: Entry, unchanged: Bool) {
            var entry = content.entry
            entry.size = UInt64(content.text.utf8.count)
            return (entry, true)
        }
    }
}

private func entry(_ name: String, _ kind: Entry.Kind = .file) -> Entry {
    Entry(name: Array(name.utf8), kind: kind, permissions: 0o600, modified: Instant(seconds: 0))
}

@Suite("The sink that records")
struct RecordingSinkTests {
    @Test("what an adapter gives can be read back, whatever the size of the buffer", arguments: [1, 7, 65536])
    func readsBack(bufferBytes: Int) throws {
        let text = String(repeating: "a line of some length\n", count: 40)
        let adapter = ScriptedAdapter { sink in
            try sink.root(entry("top", .directory), content: nil, order: .any)
            try sink.enter(entry("folder", .directory), order: .ascending)
            try sink.add(entry("a"), content: Letters(entry: entry("a"), text: text))
            try sink.add(entry("b"), content: Letters(entry: entry("b"), text: ""))
            try sink.leave()
        }
        var recording = try RecordingSink.record(adapter, bufferBytes: bufferBytes)
        recording.pieceBytes = 100
        #expect(recording.bytes("folder/a") == Array(text.utf8))
        #expect(recording.bytes("folder/b") == [])
        #expect(try recording.children(of: [Array("folder".utf8)]).map(\.size) == [UInt64(text.utf8.count), 0])
        var pieces: [[UInt8]] = []
        try recording.read([Array("folder".utf8), Array("a".utf8)]) { pieces.append(Array($0)) }
        #expect(pieces.flatMap { $0 } == Array(text.utf8))
        #expect(pieces.allSatisfy { $0.last == UInt8(ascii: "\n") })
    }

    @Test("an adapter that breaks the order of names is caught")
    func catchesDisorder() throws {
        let adapter = ScriptedAdapter { sink in
            try sink.root(entry("top", .directory), content: nil, order: .ascending)
            try sink.add(entry("b"), content: Letters(entry: entry("b"), text: "x"))
            try sink.add(entry("a"), content: Letters(entry: entry("a"), text: "x"))
        }
        #expect(throws: Failure.self) { try RecordingSink.record(adapter) }
    }

    @Test("a directory that is never left is caught")
    func catchesOpenDirectory() throws {
        let adapter = ScriptedAdapter { sink in
            try sink.root(entry("top", .directory), content: nil, order: .any)
            try sink.enter(entry("folder", .directory), order: .any)
        }
        #expect(throws: Failure.self) { try RecordingSink.record(adapter) }
    }
}
