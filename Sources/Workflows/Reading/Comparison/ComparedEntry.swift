import Entries
import Platform
import Repositories

/// An entry of one of two trees that are compared.
struct ComparedEntry {
    var name: [UInt8]
    /// Nil for what is there and cannot be looked at.
    var entry: Entry?
    /// Of an entry in a snapshot: where a file's bytes or a directory's pages are.
    var content: Content?
    /// Of an entry in a snapshot: whether it has rested long enough that its times tell whether it changed.
    var isSettled = false
    /// Whether it lies on disk, where more can be asked about it than its listing tells.
    let isOnDisk: Bool
    /// Why it cannot be looked at.
    var problem: Failure?

    /// An entry of a snapshot.
    init(_ item: TreeEntry) {
        name = item.entry.name
        entry = item.entry
        content = item.content
        isSettled = item.isSettled
        isOnDisk = false
    }

    /// An entry on disk.
    init(_ entry: Entry) {
        name = entry.name
        self.entry = entry
        isOnDisk = true
    }

    /// A name on disk that cannot be looked at.
    init(_ name: [UInt8], _ problem: Failure) {
        self.name = name
        self.problem = problem
        isOnDisk = true
    }
}
