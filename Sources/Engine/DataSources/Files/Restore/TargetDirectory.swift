import Entries
import Platform

/// A directory of the restore target, and the entry that it shall become. It keeps no descriptor open for long, so any
/// number of them may be held. Any thread may use it.
package final class TargetDirectory: Sendable {
    /// What the directory shall become; nil for a root whose owner, mode and times are left alone.
    package let entry: Entry?
    let node: TreeDirectory

    init(entry: Entry?, node: TreeDirectory) {
        self.entry = entry
        self.node = node
    }

    /// The names from the target's root to this directory.
    package var path: [[UInt8]] { node.path }

    /// The names that are in the directory now.
    package func names() throws -> NameList { try NameList(of: node.open()) }

    /// Opens a file that is in the directory now, to read what it holds. A symlink is refused.
    package func open(file name: [UInt8]) throws -> FileDescriptor {
        try FileDescriptor(contentOf: name, in: node.open())
    }

    /// The path of a name in this directory, from the target's root, for messages.
    package func printablePath(of name: [UInt8]) -> String { node.printablePath(of: name) }
}
