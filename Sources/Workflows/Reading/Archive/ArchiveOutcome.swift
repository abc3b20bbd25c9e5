import DataSources

/// What was written into an archive.
package struct ArchiveOutcome: Sendable {
    /// Members, but for the one that tells of damage.
    package internal(set) var members = 0
    /// Bytes of the archive.
    package internal(set) var bytes: UInt64 = 0
    /// What is damaged: left out, or with zeros where bytes cannot be read. The archive has no end then.
    package internal(set) var unread = Unread()
    /// What no archive holds, and is left out.
    package internal(set) var notices: [Finding] = []
    /// Entries whose inode flags are not in the archive.
    package internal(set) var flagged = 0
}
