import CLinux
import Glibc

extension FileTree {
    /// How many directories deep a removal goes before it moves what lies deeper up to its top: an open one a level.
    private static let depthLimit = 100

    /// Removes `name` in `parent` with everything in it, however deep. Absent is fine.
    ///
    /// Symlinks are removed, never followed; nothing on another mount is touched, that is a failure. Permissions and
    /// inode flags that are in the way are changed.
    package static func remove(_ name: [UInt8], in parent: Directory) throws(Failure) {
        let status: FileStatus
        do throws(Failure) { status = try parent.status(of: name) } catch {
            if error.systemError == ENOENT { return }
            throw error
        }
        guard status.isDirectory else { return try removeOne(name, in: parent, directory: false) }
        let top = try openForRemoval(name, in: parent)
        var moved = 0
        // What was too deep lies in the top itself after a round, so that the next round reaches deeper.
        var before = -1
        while moved != before {
            before = moved
            try removeContent(of: top, depth: 1, top: top, moved: &moved)
        }
        try removeOne(name, in: parent, directory: true)
    }

    private static func removeContent(
        of directory: Directory, depth: Int, top: Directory, moved: inout Int
    ) throws(Failure) {
        for name in try directory.names() {
            let status: FileStatus
            do throws(Failure) { status = try directory.status(of: name) } catch {
                if error.systemError == ENOENT { continue }
                throw error
            }
            guard status.isDirectory else {
                try removeOne(name, in: directory, directory: false)
                continue
            }
            let child = try openForRemoval(name, in: directory)
            if depth == depthLimit {
                moved += 1
                try move(name, from: directory, to: top, as: Array(".salvor-deep-\(moved)".utf8))
                continue
            }
            try removeContent(of: child, depth: depth + 1, top: top, moved: &moved)
            try removeOne(name, in: directory, directory: true)
        }
    }

    /// Opens a directory on the same mount, with the rights to empty it.
    package static func openForRemoval(_ name: [UInt8], in parent: Directory) throws(Failure) -> Directory {
        let text = CString(name)
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        var number = unsafe linux_open_here(parent.number, text.pointer, flags)
        if number < 0, errno == EACCES {
            _ = unsafe fchmodat(parent.number, text.pointer, 0o700, 0)
            number = unsafe linux_open_here(parent.number, text.pointer, flags)
        }
        guard number >= 0 else {
            if errno == EXDEV {
                throw Failure(
                    .failed, "\(printable(name)) is a mount point, and is not removed",
                    hint: "unmount it, then run the same command again", systemError: EXDEV)
            }
            throw Failure.system("open", printable(name))
        }
        let directory = Directory(owning: FileDescriptor(owning: number))
        let status = try directory.status()
        if status.permissions & 0o700 != 0o700 { _ = fchmod(number, 0o700) }
        return directory
    }

    private static func move(
        _ name: [UInt8], from directory: Directory, to top: Directory, as new: [UInt8]
    ) throws(Failure) {
        let old = CString(name)
        let text = CString(new)
        _ = try call("move", printable(name)) {
            unsafe renameat(directory.number, old.pointer, top.number, text.pointer)
        }
    }

    /// Removes one name; after EPERM once more without the flags (immutable, append-only) of it and of its directory.
    private static func removeOne(_ name: [UInt8], in parent: Directory, directory: Bool) throws(Failure) {
        do throws(Failure) { try parent.remove(name, directory: directory) } catch {
            if error.systemError == ENOENT { return }
            guard error.systemError == EPERM else { throw error }
            _ = linux_set_inode_flags(parent.number, 0)
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            if let file = try? FileDescriptor(opening: name, in: parent.number, flags) {
                _ = linux_set_inode_flags(file.number, 0)
            }
            try parent.remove(name, directory: directory)
        }
    }
}
