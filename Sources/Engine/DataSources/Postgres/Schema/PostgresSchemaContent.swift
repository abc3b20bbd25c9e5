import Entries
import Platform

/// The definitions of one database, as an archive that `pg_dump` writes under the snapshot.
///
/// The archive is not compressed, since we compress what is not known already, and its clock is stopped.
struct PostgresSchemaContent: ContentSource {
    let dump: PostgresSchemaDump
    let entry: Entry
    /// Gets a copy of the archive; nil when nobody wants one.
    var spool: PostgresArchiveSpool?
    /// A dump that has begun already; nil begins one when the content is opened.
    var begun: Begun?
    /// Told of the structure when the archive has been read to its end.
    let note: @Sendable (PostgresStructure) -> Void

    let profile = CutProfile.lines(averageBytes: 16 << 10)

    func open() throws -> any ContentReader {
        PostgresSchemaReader(self, try begun?.take() ?? PostgresSchemaStream(dump))
    }

    /// A dump under way, for the first who opens the content: a second reading begins anew.
    final class Begun: @unchecked Sendable {
        private let lock = Lock()
        private var stream: PostgresSchemaStream?

        /// Keeps the stream.
        init(_ stream: PostgresSchemaStream) { self.stream = stream }

        /// Gives it away, once.
        func take() -> PostgresSchemaStream? {
            lock.locked {
                defer { stream = nil }
                return stream
            }
        }
    }
}
