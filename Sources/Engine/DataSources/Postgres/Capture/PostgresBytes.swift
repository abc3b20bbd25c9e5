import Entries
import Platform

/// A content that is in memory already: a list, a manifest.
struct PostgresBytes: ContentSource {
    let entry: Entry
    let bytes: [UInt8]
    let profile = CutProfile.lines(averageBytes: 16 << 10)

    func open() throws -> any ContentReader { Reader(self) }

    private final class Reader: ContentReader {
        private let content: PostgresBytes
        private var taken = 0

        init(_ content: PostgresBytes) { self.content = content }

        func read(into buffer: inout Buffer) throws -> Bool {
            let end = min(content.bytes.count, taken + buffer.room)
            let piece = Array(content.bytes[taken..<end])
            buffer.append(piece.span)
            defer { taken = end }
            return end > taken
        }

        func finish() throws -> (entry: Entry, unchanged: Bool) {
            var entry = content.entry
            entry.size = UInt64(content.bytes.count)
            return (entry, true)
        }
    }
}
