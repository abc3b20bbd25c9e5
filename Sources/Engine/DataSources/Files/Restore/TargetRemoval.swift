import Glibc
import Platform

/// Clears the way for an entry: removes what has its name, also when flags or modes of it protect it.
enum TargetRemoval {
    private struct Level {
        let node: TreeDirectory
        let names: NameList
        var next = 0
    }

    /// Removes `name` with everything in it; symlinks are removed, never followed. Absent is fine. Any depth.
    static func remove(_ name: [UInt8], in parent: TreeDirectory) throws(Failure) {
        var levels: [Level] = []
        if let level = try removeOrOpen(name, in: parent) { levels.append(level) }
        while let level = levels.last {
            guard level.next < level.names.count else {
                levels.removeLast()
                let above = levels.last?.node ?? parent
                try removeOne(level.node.name, in: above.open(), directory: true)
                continue
            }
            levels[levels.count - 1].next += 1
            if let below = try removeOrOpen(level.names[level.next], in: level.node) { levels.append(below) }
        }
    }

    /// Takes away what forbids a change of `name` itself: the flags immutable and append. Answers whether it had any.
    static func unprotect(_ name: [UInt8], in directory: Directory) -> Bool {
        guard let file = try? FileDescriptor(contentOf: name, in: directory) else { return false }
        return unprotect(file.number)
    }

    /// The same for an open file or directory.
    static func unprotect(_ descriptor: Int32) -> Bool {
        let protecting = InodeFlags.immutable | InodeFlags.append
        guard let flags = try? InodeFlags.read(descriptor), flags & protecting != 0 else { return false }
        return (try? InodeFlags.set(flags & ~protecting, on: descriptor)) != nil
    }

    /// Removes what is no directory; a directory is opened, so that what lies in it can go first.
    private static func removeOrOpen(_ name: [UInt8], in parent: TreeDirectory) throws(Failure) -> Level? {
        let above = try parent.open()
        let status: FileStatus
        do throws(Failure) { status = try above.status(of: name) } catch {
            if error.systemError == ENOENT { return nil }
            throw error
        }
        guard status.isDirectory else {
            try removeOne(name, in: above, directory: false)
            return nil
        }
        let directory = try TargetOpening.open(name, in: above)
        let node = TreeDirectory(name, in: parent, opened: directory, status: status)
        return Level(node: node, names: try NameList(of: directory))
    }

    private static func removeOne(_ name: [UInt8], in above: Directory, directory: Bool) throws(Failure) {
        do throws(Failure) { try above.remove(name, directory: directory) } catch {
            if error.systemError == ENOENT { return }
            guard error.systemError == EPERM, unprotect(name, in: above) else { throw error }
            try above.remove(name, directory: directory)
        }
    }
}
