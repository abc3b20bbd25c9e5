import Entries
import Glibc
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

    /// Whether another directory is on the same file system, reached by the same mount.
    package func sharesMount(with other: TargetDirectory) -> Bool {
        node.device == other.node.device && node.mount == other.node.mount
    }

    /// What a name in it is.
    package func status(of name: [UInt8]) throws -> FileStatus { try node.open().status(of: name) }

    /// A directory in it, opened; a symlink is refused.
    package func directory(_ name: [UInt8]) throws -> TargetDirectory {
        let opened = try Directory(name, in: node.open())
        return TargetDirectory(
            entry: nil, node: TreeDirectory(name, in: node, opened: opened, status: try opened.status()))
    }

    /// Opens a file that is in the directory now, to read what it holds; its owner reads it also where its mode forbids
    /// him. A symlink is refused.
    package func open(file name: [UInt8]) throws -> FileDescriptor {
        let directory = try node.open()
        do throws(Failure) { return try FileDescriptor(contentOf: name, in: directory) } catch {
            guard error.systemError == EACCES else { throw error }
            let reference = try FileDescriptor(referenceTo: name, in: directory)
            let status = try reference.status()
            guard status.isRegular, status.user == Host.userID else { throw error }
            try FileMetadata.setPermissions(status.permissions | 0o400, of: reference.number)
            defer { try? FileMetadata.setPermissions(status.permissions, of: reference.number) }
            return try FileDescriptor(contentOf: name, in: directory)
        }
    }

    /// Removes a name with everything in it; nothing on another mount.
    package func remove(_ name: [UInt8]) throws { try FileTree.remove(name, in: node.open()) }

    /// The path of a name in this directory, from the target's root, for messages.
    package func printablePath(of name: [UInt8]) -> String { node.printablePath(of: name) }
}
