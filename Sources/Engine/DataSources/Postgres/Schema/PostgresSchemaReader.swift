import Entries
import Platform

/// An archive on its way into the sink.
final class PostgresSchemaReader: ContentReader {
    private let content: PostgresSchemaContent
    private let stream: PostgresSchemaStream
    private var bytes: UInt64 = 0

    /// Reads `stream` for `content`.
    init(_ content: PostgresSchemaContent, _ stream: PostgresSchemaStream) {
        self.content = content
        self.stream = stream
        content.spool?.begin()
    }

    func read(into buffer: inout Buffer) throws -> Bool {
        let before = buffer.count
        let more = try stream.read(into: &buffer)
        bytes += UInt64(buffer.count - before)
        content.spool?.append(buffer.bytes.extracting(before..<buffer.count))
        return more
    }

    func finish() throws -> (entry: Entry, unchanged: Bool) {
        content.note(try stream.structure())
        content.spool?.end()
        var entry = content.entry
        entry.size = bytes
        return (entry, true)
    }
}
