import DataSources
import Entries

/// One source as it came back, beside what the snapshot says about it.
package struct CheckSubject: Sendable {
    /// Where a source came back to.
    package enum Place: Sendable {
        /// A directory (or a file) at this path.
        case files([UInt8])
        /// A server, as a location without a database, and the directory of the programs that fit it.
        case server(PostgresLocation, programs: String?)
    }

    /// The source's name in the snapshot.
    package var source: String
    package var tree: any CapturedTree
    /// The source's root in the snapshot.
    package var root: Entry
    package var place: Place
    /// The 16 bytes that key the row hashes of the repository's manifests.
    package var rowHashKey: [UInt8]
    /// How many threads or sessions a check may use.
    package var threads: Int

    /// Makes a subject.
    package init(
        source: String, tree: any CapturedTree, root: Entry, place: Place, rowHashKey: [UInt8], threads: Int
    ) {
        self.source = source
        self.tree = tree
        self.root = root
        self.place = place
        self.rowHashKey = rowHashKey
        self.threads = threads
    }
}
