import DataSources
import Entries
import Formats
import Platform
import Repositories
import Sealing

/// What a restore of files would do: which entries of a snapshot, into which directory.
package struct RestorePlan: Sendable {
    /// What is written into the target under its own names.
    package enum Roots: Sendable {
        /// Everything that lies in a directory of the snapshot.
        case children(Content)
        /// These entries.
        case items([TreeEntry])
    }

    package var record: SnapshotRecord
    package var roots: Roots
    /// Whether the roots are the snapshot's sources: patterns then begin below them, and what else lies in the target
    /// is not theirs.
    package var isWholeSnapshot: Bool
    /// What the roots' paths begin with in messages: `web/uploads`.
    package var label: String
    /// The target directory.
    package var target: [UInt8]
    package var overwrite: OverwriteRule
    package var numericOwner: Bool
    /// Which entries are restored.
    package var selection = RestoreSelection()
    /// Whether what lies in a restored directory and is not in the snapshot's is removed.
    package var deletes = false
    /// What is never removed, whatever lies in it: the repository, and the directories above it.
    package var protected: Set<FileIdentity> = []
    /// Whether the target directory itself becomes an entry; nil leaves it as it is.
    package var targetEntry: Entry?

    /// Plans to write all sources of a snapshot into `target/NAME`.
    package static func whole(
        _ record: SnapshotRecord, target: [UInt8], overwrite: OverwriteRule, numericOwner: Bool
    ) -> RestorePlan {
        RestorePlan(
            record: record, roots: .children(record.root), isWholeSnapshot: true, label: "", target: target,
            overwrite: overwrite, numericOwner: numericOwner)
    }

    /// Plans to write one source of a snapshot into `target/NAME`.
    package static func source(
        _ record: SnapshotRecord, _ name: String, repository: Repository, index: ChunkIndex, target: [UInt8],
        overwrite: OverwriteRule, numericOwner: Bool
    ) throws -> RestorePlan {
        let tree = try SnapshotTree(repository, index: index, record: record, source: name)
        return RestorePlan(
            record: record, roots: .items([try tree.entry(at: [])]), isWholeSnapshot: true, label: "", target: target,
            overwrite: overwrite, numericOwner: numericOwner)
    }

    /// Plans to write one item: a directory's contents into `target`, anything else as `target/<its name>`.
    package static func item(
        _ record: SnapshotRecord, source: String, path: [[UInt8]], repository: Repository, index: ChunkIndex,
        target: [UInt8], overwrite: OverwriteRule, numericOwner: Bool
    ) throws -> RestorePlan {
        let tree = try SnapshotTree(repository, index: index, record: record, source: source)
        let item = try tree.entry(at: path)
        let label = ([Array(source.utf8)] + path).map { printable($0) }.joined(separator: "/")
        let isDirectory = item.entry.kind == .directory
        return RestorePlan(
            record: record, roots: isDirectory ? .children(item.content ?? .empty) : .items([item]),
            isWholeSnapshot: false, label: label, target: target, overwrite: overwrite, numericOwner: numericOwner)
    }

    /// Sixteen hexadecimal digits that name this restore: the same snapshot and item, whatever the options.
    func identity(in repository: Repository) -> String {
        let text = "\(repository.identifier) \(record.identifier) \(label) \(isWholeSnapshot)"
        return String(Hexadecimal.string(Digest.sha256(Array(text.utf8).span)).prefix(16))
    }
}

/// What `deletes` means.
extension RestorePlan {
    /// Whether names that the snapshot does not have are removed in directories so many levels below the target. What
    /// lies beside a whole snapshot's sources, or beside single items, is nothing of the snapshot.
    func removesExtras(at depth: Int) -> Bool {
        guard deletes else { return false }
        if depth > 0 { return true }
        guard case .children = roots else { return false }
        return !isWholeSnapshot && !selection.includesOnly
    }

    /// Judges what lies in the target and not in the snapshot.
    func extras(_ cancellation: any Cancellation) -> ExtraItems {
        ExtraItems(
            selection: selection, levelsAbovePatterns: isWholeSnapshot ? 1 : 0, protected: protected,
            cancellation: cancellation)
    }
}
