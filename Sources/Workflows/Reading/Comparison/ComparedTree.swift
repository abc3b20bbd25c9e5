import DataSources
import Entries
import Platform
import Repositories

/// One of two trees that are compared: a whole snapshot, an item of one, or what stands at a path on disk.
package struct ComparedTree {
    /// The tree's own entry; nil for a whole snapshot.
    let top: ComparedEntry?
    let place: any ComparedPlace
    /// What is in it; nil when it is no directory.
    let directory: (any ComparedDirectory)?
    let isOnDisk: Bool
    /// What a path of the comparison is called in messages about this tree.
    let label: ([UInt8]) -> String

    /// A snapshot, or an item of it. `prefix` is what the paths of the comparison begin with.
    package static func snapshot(_ item: SnapshotItem, reader: ChunkReader, prefix: [UInt8]) throws -> ComparedTree {
        let count = DirectoryCount(item.record, reader: reader)
        return ComparedTree(
            top: item.entry.map { ComparedEntry($0) },
            place: try SnapshotDirectory(.empty, reader: reader, count: count),
            directory: try item.directory.map { try SnapshotDirectory($0, reader: reader, count: count) },
            isOnDisk: false, label: { item.label(moved($0, from: prefix, to: item.path)) })
    }

    /// What stands at an absolute path on disk. `prefix` is what the paths of the comparison begin with.
    package static func disk(
        _ path: [UInt8], prefix: [UInt8], cancellation: any Cancellation = NeverCancelled()
    ) throws(Failure) -> ComparedTree {
        let (entry, live) = try LiveDirectory.open(path, cancellation: cancellation)
        let label: ([UInt8]) -> String = { printable(moved($0, from: prefix, to: path)) }
        let directory = DiskDirectory(live)
        guard entry.kind == .directory else {
            return ComparedTree(
                top: ComparedEntry(entry), place: directory, directory: nil, isOnDisk: true, label: label)
        }
        return ComparedTree(
            top: ComparedEntry(entry), place: DiskTop(live), directory: directory, isOnDisk: true, label: label)
    }

    /// A path below `prefix` as one below `top`.
    private static func moved(_ path: [UInt8], from prefix: [UInt8], to top: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        let below = path.dropFirst(prefix.count).drop { $0 == slash }
        if below.isEmpty || top.isEmpty { return top + below }
        return top + (top.last == slash ? [] : [slash]) + below
    }
}
