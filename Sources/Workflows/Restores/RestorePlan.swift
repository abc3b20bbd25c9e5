import DataSources
import Entries
import Platform
import Repositories

/// What a restore of files would do: which entries of a snapshot, into which directory.
package struct RestorePlan: Sendable {
    package var record: SnapshotRecord
    /// Entries that are written into the target under their own names.
    package var roots: [TreeEntry]
    /// What the roots' paths begin with in messages: `web/uploads`.
    package var label: String
    /// The target directory.
    package var target: [UInt8]
    package var overwrite: OverwriteRule
    package var numericOwner: Bool
    /// Whether the target directory itself becomes an entry; nil leaves it as it is.
    package var targetEntry: Entry?

    /// Plans to write all sources of a snapshot into `target/NAME`.
    package static func whole(
        _ record: SnapshotRecord, repository: Repository, index: ChunkIndex, target: [UInt8], overwrite: OverwriteRule,
        numericOwner: Bool
    ) throws -> RestorePlan {
        let cursor = try TreeCursor(record.root, reader: ChunkReader(repository, index: index))
        var roots: [TreeEntry] = []
        while let item = try cursor.next() { roots.append(item) }
        return RestorePlan(
            record: record, roots: roots, label: "", target: target, overwrite: overwrite, numericOwner: numericOwner)
    }

    /// Plans to write one item: a directory's contents into `target`, anything else as `target/<its name>`.
    package static func item(
        _ record: SnapshotRecord, source: String, path: [[UInt8]], repository: Repository, index: ChunkIndex,
        target: [UInt8], overwrite: OverwriteRule, numericOwner: Bool
    ) throws -> RestorePlan {
        let tree = try SnapshotTree(repository, index: index, record: record, source: source)
        let item = try tree.entry(at: path)
        let label = ([Array(source.utf8)] + path).map { printable($0) }.joined(separator: "/")
        guard item.entry.kind == .directory, let content = item.content else {
            return RestorePlan(
                record: record, roots: [item], label: label, target: target, overwrite: overwrite,
                numericOwner: numericOwner)
        }
        let cursor = try TreeCursor(content, reader: ChunkReader(repository, index: index))
        var roots: [TreeEntry] = []
        while let child = try cursor.next() { roots.append(child) }
        return RestorePlan(
            record: record, roots: roots, label: label, target: target, overwrite: overwrite, numericOwner: numericOwner
        )
    }
}
