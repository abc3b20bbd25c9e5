import Entries
import Platform

/// A part of the definitions as SQL for psql, which `pg_restore` makes of the copied archive.
struct PostgresSectionContent: ContentSource {
    let binaries: PostgresBinaries
    let spool: PostgresArchiveSpool
    let entry: Entry
    let section: String
    /// The entries to take; nil for the whole section.
    let items: [PostgresArchiveList.Item]?
    let restriction: PostgresRestriction
    /// The search path that the statements need; nil for the empty one, with which `pg_dump` works.
    var searchPath: String?

    let profile = CutProfile.lines(averageBytes: 16 << 10)

    func open() throws -> any ContentReader { try PostgresSectionReader(self) }

    /// What `pg_restore --list` prints of the copy.
    static func list(_ binaries: PostgresBinaries, _ spool: PostgresArchiveSpool) throws -> PostgresArchiveList {
        let archive = try spool.open()
        let child = try ChildProcess(
            [binaries.path("pg_restore"), "--list"], environment: PostgresEnvironment.local(),
            input: .descriptor(archive.number), output: .pipe, errors: .null)
        var text: [UInt8] = []
        var buffer = Buffer(capacity: 64 << 10)
        while try child.readOutput(into: &buffer) > 0 {
            text.append(buffer.bytes)
            buffer.clear()
        }
        let ending = try child.wait()
        guard ending.succeeded else {
            throw Failure(.failed, "pg_restore cannot list the definitions (\(ending.words))")
        }
        return PostgresArchiveList(String(decoding: text, as: UTF8.self))
    }
}
