import Entries
import Platform
import Repositories

/// The entries of one snapshot, found by their names and walked in order. Used by one thread.
struct SnapshotItems {
    private let record: SnapshotRecord
    /// Reads what the entries hold.
    let reader: ChunkReader

    /// Opens a snapshot.
    init(_ record: SnapshotRecord, in repository: Repository) throws {
        self.record = record
        reader = ChunkReader(repository, index: try repository.loadIndex())
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

    /// Tells `body` every entry below the item, in order, down to `depth` levels, with its path from the source's name
    /// on; an item that is no directory itself. Without a source: everything.
    func walk(_ item: ItemAddress, depth: Int, _ body: ([UInt8], Entry) throws -> Void) throws {
        var content = record.root
        var prefix: [UInt8] = []
        if item.source != nil {
            let top = try entry(item)
            prefix = path(of: item)
            guard top.entry.kind == .directory, let own = top.content else { return try body(prefix, top.entry) }
            content = own
        }
        var levels = [(cursor: try TreeCursor(content, reader: reader), path: prefix)]
        while let level = levels.last {
            guard let next = try level.cursor.next() else {
                levels.removeLast()
                continue
            }
            let path = level.path.isEmpty ? next.entry.name : level.path + [UInt8(ascii: "/")] + next.entry.name
            try body(path, next.entry)
            if levels.count < depth, next.entry.kind == .directory, let content = next.content {
                levels.append((try TreeCursor(content, reader: reader), path))
            }
        }
    }

    private func path(of item: ItemAddress) -> [UInt8] {
        item.path.reduce(Array((item.source ?? "").utf8)) { $0 + [UInt8(ascii: "/")] + $1 }
    }
}
