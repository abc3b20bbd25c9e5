import DataSources
import Entries
import Platform

/// A content that passes everything on, and notes which promise of `ContentReader` is broken.
struct WatchedContent: ContentSource {
    private let inner: any ContentSource
    private let entry: Entry
    private let name: String
    private let examines: Bool
    private let breaches: Breaches

    /// Takes the content of `entry`; with `examines` it is read in many ways before anybody else may read it.
    init(_ inner: any ContentSource, _ entry: Entry, _ name: String, examines: Bool, _ breaches: Breaches) {
        self.inner = inner
        self.entry = entry
        self.name = name
        self.examines = examines
        self.breaches = breaches
    }

    var profile: CutProfile { inner.profile }

    func open() throws -> any ContentReader {
        if examines { try ContentExamination(inner, entry, name, breaches).run() }
        return Reader(try inner.open(), self)
    }

    private final class Reader: ContentReader {
        private let inner: any ContentReader
        private let content: WatchedContent
        private var bytes: UInt64 = 0

        init(_ inner: any ContentReader, _ content: WatchedContent) {
            self.inner = inner
            self.content = content
        }

        func read(into buffer: inout Buffer) throws -> Bool {
            let before = buffer.count
            let more = try inner.read(into: &buffer)
            let count = buffer.count - before
            expect(more == (count > 0), "read answered \(more) with \(count) bytes")
            bytes += UInt64(count)
            return more
        }

        func endOfHole(at offset: UInt64) -> UInt64? { inner.endOfHole(at: offset) }

        func skipHole(_ count: UInt64) {
            inner.skipHole(count)
            bytes += count
        }

        var mayBeInMotion: Bool { inner.mayBeInMotion }

        func finish() throws -> (entry: Entry, unchanged: Bool) {
            let finished = try inner.finish()
            expect(finished.entry.name == content.entry.name, "finish gave another name")
            expect(finished.entry.kind == content.entry.kind, "finish gave another kind")
            expect(finished.entry.size == bytes, "finish gave \(finished.entry.size) bytes of \(bytes)")
            return finished
        }

        private func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
            content.breaches.expect(holds, "\(content.name): \(sentence())")
        }
    }
}
