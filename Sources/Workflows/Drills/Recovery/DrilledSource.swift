import Entries
import Repositories
import Restores

/// One source of the snapshot that a drill brings back.
struct DrilledSource {
    let record: SnapshotRecord.Source
    let tree: SnapshotTree
    /// The source's root in the snapshot.
    let root: Entry

    /// Its name in the snapshot.
    var name: String { record.name }
    /// The name of the adapter that saved it.
    var adapter: String { record.adapter }
}
