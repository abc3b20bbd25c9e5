import Entries
import DataSources
import Formats
import Platform

/// What a recorded capture left: a tree that an adapter's restore can read, as if it came from a snapshot.
package struct Recording: CapturedTree {
    /// The sink that holds the entries.
    package let sink: RecordingSink
    /// What the adapter told at the end.
    package let outcome: CaptureOutcome
    /// The most bytes that `read` hands over at once; pieces of text end at the end of a line.
    package var pieceBytes = 64 << 10

    /// Takes a finished capture.
    package init(sink: RecordingSink, outcome: CaptureOutcome) {
        self.sink = sink
        self.outcome = outcome
    }

    /// What was reported during the capture.
    package var findings: [Finding] { sink.findings }

    package func manifest() throws -> JSONValue { outcome.manifest }

    package func children(of path: [[UInt8]]) throws -> [Entry] {
        guard let node = sink.node(path) else { throw absent(path) }
        return node.names.compactMap { node.children[$0]?.entry }
    }

    package func read(_ path: [[UInt8]], isProvedLater: Bool, _ body: (Span<UInt8>) throws -> Void) throws {
        guard let node = sink.node(path), let bytes = node.bytes else { throw absent(path) }
        let lines = if case .lines = node.profile { true } else { false }
        var start = 0
        while start < bytes.count {
            var end = min(start + pieceBytes, bytes.count)
            if lines, end < bytes.count {
                end =
                    bytes[start..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
                    ?? bytes[end...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            }
            try body(Buffer(bytes.span.extracting(start..<end)).bytes)
            start = end
        }
    }

    /// The bytes of a file by its path in text; nil when it is not there.
    package func bytes(_ path: String) -> [UInt8]? {
        sink.node(path.split(separator: "/").map { Array($0.utf8) })?.bytes
    }

    /// The path of every file with its bytes.
    package func files() -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        func gather(_ node: RecordedNode, _ path: String) {
            if let bytes = node.bytes { files[path] = bytes }
            for name in node.names {
                guard let child = node.children[name] else { continue }
                gather(child, path.isEmpty ? printable(name) : path + "/" + printable(name))
            }
        }
        if let root = sink.root { gather(root, "") }
        return files
    }

    private func absent(_ path: [[UInt8]]) -> Failure {
        Failure(.failed, "nothing was recorded at \(path.map { printable($0) }.joined(separator: "/"))")
    }
}
