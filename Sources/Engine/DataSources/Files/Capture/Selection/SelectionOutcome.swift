import Formats
import Platform

/// What a selection left out of one source, beside the selection itself: for a person, and for who audits the snapshot.
package struct SelectionOutcome: Sendable {
    /// The selection that was applied.
    package let selection: FileSelection
    /// Entries that were left out; a directory counts as one, with everything in it.
    package var entries: UInt64 = 0
    /// The bytes of the files among them, as far as they were looked at.
    package var bytes: UInt64 = 0
    /// Directories of which only the tag of a cache was kept.
    package var caches: UInt64 = 0
    /// Directories of which only a marker was kept.
    package var marked: UInt64 = 0
    /// Directories that were kept empty, since another file system lies there.
    package var mounts: UInt64 = 0
    /// Files that were too large.
    package var large: UInt64 = 0
    /// The patterns that meant anything.
    var use: PatternUse

    init(_ selection: FileSelection) {
        self.selection = selection
        use = PatternUse(count: selection.patterns.count)
    }

    /// The patterns that meant nothing in this source.
    package var unusedPatterns: [FileSelection.Pattern] { use.unused.map { selection.patterns[$0] } }

    /// The rules and what they did, as a manifest keeps them.
    package var json: JSONValue {
        [
            "exclude": .array(selection.patterns.map { .string(printable($0.pattern.text)) }),
            "excludeCaches": .bool(selection.excludesCaches),
            "excludeIfPresent": .array(selection.markers.map { .string(printable($0)) }),
            "excludeLargerThan": selection.largestFileBytes.map { JSONValue($0) } ?? .null,
            "oneFileSystem": .bool(selection.staysOnFileSystem),
            "filesFrom": selection.list.map {
                ["lists": .array($0.lists.map { .string($0) }), "paths": JSONValue($0.count)]
            }
                ?? .null,
            "leftOut": [
                "entries": JSONValue(entries), "bytes": JSONValue(bytes), "caches": JSONValue(caches),
                "marked": JSONValue(marked), "mounts": JSONValue(mounts), "large": JSONValue(large),
            ],
        ]
    }
}
