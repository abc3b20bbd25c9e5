import Entries
import Platform
import Repositories

/// A whole snapshot or an item in it, as something to be read.
package struct SnapshotItem: Sendable {
    package var record: SnapshotRecord
    /// The item's entry; nil for a whole snapshot.
    package var entry: TreeEntry?
    /// The path from the source's name on; empty for a whole snapshot.
    package var path: [UInt8]

    /// Takes a snapshot, or an item of it with its path.
    package init(_ record: SnapshotRecord, entry: TreeEntry? = nil, path: [UInt8] = []) {
        self.record = record
        self.entry = entry
        self.path = path
    }

    /// The pages of the directory that it is; nil for what is no directory.
    package var directory: Content? {
        guard let entry else { return record.root }
        return entry.entry.kind == .directory ? entry.content ?? .empty : nil
    }

    /// A path in the snapshot as it can be given to other verbs, for messages: `1a2b3c4d:web/index.html`.
    package func label(_ path: [UInt8]) -> String {
        path.isEmpty ? "snapshot \(record.shortIdentifier)" : "\(record.shortIdentifier):\(printable(path))"
    }
}
