import Entries
import Platform

/// The entries of a database in a snapshot.
///
/// A database has no file times, and a time that changed each night would make each night's trees new: every entry
/// below the root carries the same instant, 1970-01-01.
enum PostgresEntry {
    /// A directory's entry.
    static func directory(_ name: String) -> Entry { entry(name, .directory, 0o700) }
    /// A file's entry.
    static func file(_ name: String) -> Entry { entry(name, .file, 0o600) }

    private static func entry(_ name: String, _ kind: Entry.Kind, _ permissions: UInt16) -> Entry {
        Entry(name: Array(name.utf8), kind: kind, permissions: permissions, modified: Instant(seconds: 0))
    }
}
