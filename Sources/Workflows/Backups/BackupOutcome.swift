import DataSources
import Formats
import Repositories

/// What a backup did.
package struct BackupOutcome: Sendable {
    /// What one source gave.
    package struct Source: Sendable {
        package var name: String
        package var adapter: String
        package var location: String
        package var counts: CaptureCounts
        /// What was chosen of the source, and what left out; nil when everything was taken.
        package var selection: SelectionOutcome?
        package var findings: [Finding]
        package var seconds: Double
    }

    package var record: SnapshotRecord
    package var sources: [Source]
    /// What is worth knowing beyond any single source.
    package var findings: [Finding]
    /// The snapshot that unchanged entries were compared with, nil for a first backup of every source.
    package var parents: [String: SnapshotRecord]
    /// Bytes added to the repository, packs and indexes.
    package var storedBytes: UInt64
    package var storedPacks: Int
    package var seconds: Double

    /// Whether everything of every source is in the snapshot.
    package var isComplete: Bool { sources.allSatisfy { $0.findings.allSatisfy { $0.weight != .missing } } }
}
