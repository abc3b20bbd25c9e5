import Platform

/// The definitions of one database, as an archive that `pg_dump` writes under the snapshot.
///
/// The archive is not compressed (we do that, and better after finding what is known already), and its clock is stopped.
struct PostgresSchemaContent: ContentSource {
    let dump: PostgresSchemaDump
    let entry: Entry
    /// Told of the structure when the archive has been read to its end.
    let note: @Sendable (PostgresStructure) -> Void

    let profile = CutProfile.lines(averageBytes: 16 << 10)

    func open() throws -> any ContentReader { PostgresSchemaReader(self, try PostgresSchemaStream(dump)) }
}

/// An archive on its way into the sink.
final class PostgresSchemaReader: ContentReader {
    private let content: PostgresSchemaContent
    private let stream: PostgresSchemaStream
    private var bytes: UInt64 = 0

    /// Reads `stream` for `content`.
    init(_ content: PostgresSchemaContent, _ stream: PostgresSchemaStream) {
        self.content = content
        self.stream = stream
    }

    func read(into buffer: inout Buffer) throws -> Bool {
        let before = buffer.count
        let more = try stream.read(into: &buffer)
        bytes += UInt64(buffer.count - before)
        return more
    }

    func finish() throws -> (entry: Entry, unchanged: Bool) {
        content.note(try stream.structure())
        var entry = content.entry
        entry.size = bytes
        return (entry, true)
    }
}
