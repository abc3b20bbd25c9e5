import Entries
import Formats
import Platform

/// What a search looks for: entries that meet every condition that is set.
package struct SearchCriteria: Sendable {
    /// Patterns for names, and for paths from the source's name on; one of them must match. Without any, every name
    /// does.
    package var patterns = PathPatterns([])
    /// The kinds looked for; all when empty.
    package var kinds: Set<Entry.Kind> = []
    /// Modified after this instant.
    package var newer: Instant?
    /// Modified before this instant.
    package var older: Instant?
    /// Files of more bytes.
    package var larger: UInt64?
    /// Files of fewer bytes.
    package var smaller: UInt64?
    /// Files of this SHA-256.
    package var digest: [UInt8]?

    /// Looks for everything.
    package init() {}

    /// Whether an entry meets all conditions but the patterns.
    func accepts(_ entry: Entry) -> Bool {
        if !kinds.isEmpty, !kinds.contains(entry.kind) { return false }
        if let newer, entry.modified <= newer { return false }
        if let older, entry.modified >= older { return false }
        if larger != nil || smaller != nil || digest != nil, entry.kind != .file { return false }
        if let larger, entry.size <= larger { return false }
        if let smaller, entry.size >= smaller { return false }
        if let digest, entry.digest != digest { return false }
        return true
    }
}
