import Platform
import Repositories
import Restores

/// The snapshot that a drill brings back, with what must be read before anything can be: index, roots, places.
struct DrilledSnapshot {
    let record: SnapshotRecord
    let repository: Repository
    let index: ChunkIndex
    let sources: [DrilledSource]

    /// Reads them, from the store.
    init(_ record: SnapshotRecord, in repository: Repository) throws {
        self.record = record
        self.repository = repository
        let index = try repository.loadIndex()
        self.index = index
        sources = try record.sources.map { source in
            let tree = try SnapshotTree(repository, index: index, record: record, source: source.name)
            return DrilledSource(record: source, tree: tree, root: try tree.entry(at: []).entry)
        }
    }
}
