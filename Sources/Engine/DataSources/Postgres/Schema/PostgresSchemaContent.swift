import Entries

/// The definitions of one database, as an archive that `pg_dump` writes under the snapshot.
///
/// The archive is not compressed, since we compress what is not known already, and its clock is stopped.
struct PostgresSchemaContent: ContentSource {
    let dump: PostgresSchemaDump
    let entry: Entry
    /// Gets a copy of the archive; nil when nobody wants one.
    var spool: PostgresArchiveSpool?
    /// Told of the structure when the archive has been read to its end.
    let note: @Sendable (PostgresStructure) -> Void

    let profile = CutProfile.lines(averageBytes: 16 << 10)

    func open() throws -> any ContentReader { PostgresSchemaReader(self, try PostgresSchemaStream(dump)) }
}
