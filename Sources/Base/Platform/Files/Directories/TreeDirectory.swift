/// A directory of a tree that is walked or rebuilt, reached from the tree's root name by name, never through a symlink.
///
/// It is closed when too many are open, and opened again when it is asked for. Opened again it must be the same inode:
/// a directory that was moved away, or replaced, is refused. Any thread may use it.
package final class TreeDirectory: @unchecked Sendable {
    /// The name in the parent; empty for the root.
    package let name: [UInt8]
    /// The directory above; nil for the root. Changes only when this object goes away.
    package private(set) var parent: TreeDirectory?
    /// The root is never closed.
    private let rootDirectory: Directory?
    /// The device that it is on.
    package let device: UInt64
    /// The mount that it was reached by.
    package let mount: UInt64
    private let inode: UInt64
    private let pool: OpenDirectories
    private var ticket: OpenDirectories.Ticket?

    /// The root of a tree: an open directory, which stays open.
    package init(root: Directory, status: FileStatus) {
        name = []
        parent = nil
        rootDirectory = root
        device = status.device
        mount = status.mount
        inode = status.inode
        pool = OpenDirectories()
    }

    /// A directory below `parent`: one that was just opened, or one that was looked at and is opened when it is used.
    package init(_ name: [UInt8], in parent: TreeDirectory, opened directory: Directory? = nil, status: FileStatus) {
        self.name = name
        self.parent = parent
        rootDirectory = nil
        device = status.device
        mount = status.mount
        inode = status.inode
        pool = parent.pool
        if let directory { ticket = pool.lock.locked { pool.keep(directory) } }
    }

    deinit {
        if let ticket { pool.lock.locked { pool.release(ticket) } }
        // A long chain of parents would be released by as long a recursion: it is taken apart link by link.
        var above = parent
        parent = nil
        while isKnownUniquelyReferenced(&above), let directory = above {
            let next = directory.parent
            directory.parent = nil
            above = next
        }
    }

    /// The open directory. Hold it only while it is used.
    package func open() throws(Failure) -> Directory {
        if let directory = openAlready { return directory }
        var missing: [TreeDirectory] = [self]
        var base: Directory?
        while base == nil, let above = missing[missing.count - 1].parent {
            base = above.openAlready
            if base == nil { missing.append(above) }
        }
        guard var directory = base else { preconditionFailure("a tree has an open root") }
        for step in missing.reversed() { directory = try step.reopen(in: directory) }
        return directory
    }

    /// The names from the root to this directory.
    package var path: [[UInt8]] {
        var names: [[UInt8]] = []
        var next: TreeDirectory? = self
        while let directory = next, let above = directory.parent {
            names.append(directory.name)
            next = above
        }
        return names.reversed()
    }

    /// The path of a name in this directory, from the root, for messages.
    package func printablePath(of name: [UInt8]? = nil) -> String {
        let names = path + (name.map { [$0] } ?? [])
        return names.isEmpty ? "." : printable(Array(names.joined(separator: [UInt8(ascii: "/")])))
    }

    private var openAlready: Directory? {
        if let rootDirectory { return rootDirectory }
        return pool.lock.locked { ticket.flatMap { pool.directory($0) } }
    }

    private func reopen(in above: Directory) throws(Failure) -> Directory {
        let directory = try Directory(name, in: above)
        let status = try directory.status()
        guard status.device == device, status.inode == inode else {
            throw Failure(.failed, "the directory \(printablePath()) was replaced while it was in use")
        }
        pool.lock.locked { ticket = pool.keep(directory) }
        return directory
    }
}
