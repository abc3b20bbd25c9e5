import Entries
import Platform
import Reading
import Repositories

/// The entries of one snapshot, found by their names. Used by one thread.
struct SnapshotItems {
    private let record: SnapshotRecord
    /// Reads what the entries hold.
    let reader: ChunkReader

    /// Opens a snapshot.
    init(_ record: SnapshotRecord, in repository: Repository) throws {
        self.init(record, reader: ChunkReader(repository, index: try repository.loadIndex()))
    }

    /// Opens a snapshot, to be read by `reader`.
    init(_ record: SnapshotRecord, reader: ChunkReader) {
        self.record = record
        self.reader = reader
    }

    /// The item that an address names; a failure that says which name is not there.
    func entry(_ item: ItemAddress) throws -> TreeEntry {
        guard let source = item.source else {
            throw Failure(.usage, "an item of the snapshot is needed, not the whole")
        }
        let names = record.sources.map(\.name)
        guard names.contains(source), var entry = try child(Array(source.utf8), in: record.root) else {
            throw Failure(
                .usage, "the snapshot \(record.shortIdentifier) has no source `\(source)`",
                hint: "it has \(names.joined(separator: ", "))")
        }
        var walked = source
        for name in item.path {
            guard entry.entry.kind == .directory, let content = entry.content else {
                throw Failure(.usage, "\(walked) is no directory in the snapshot \(record.shortIdentifier)")
            }
            guard let next = try child(name, in: content) else {
                throw Failure(
                    .usage, "there is no \(walked)/\(printable(name)) in the snapshot \(record.shortIdentifier)",
                    hint: "`salvor ls --depth 1 \(record.shortIdentifier):\(walked)` shows what there is")
            }
            walked += "/" + printable(name)
            entry = next
        }
        return entry
    }

    private func child(_ name: [UInt8], in directory: Content) throws -> TreeEntry? {
        try TreeCursor(directory, reader: reader).advance(to: name)
    }

    /// What an address names, as something to be read.
    func item(_ item: ItemAddress) throws -> SnapshotItem {
        guard item.source != nil else { return SnapshotItem(record) }
        return SnapshotItem(record, entry: try entry(item), path: path(of: item))
    }

    private func path(of item: ItemAddress) -> [UInt8] {
        item.path.reduce(Array((item.source ?? "").utf8)) { $0 + [UInt8(ascii: "/")] + $1 }
    }
}
