import Glibc

/// What is done to a whole tree of our own: making its directories and removing it.
package enum FileTree {
    /// The absolute path without symlinks, `.` and `..`; everything in it must exist.
    package static func resolve(_ path: [UInt8]) throws(Failure) -> [UInt8] {
        let text = CString(path)
        guard let found = unsafe realpath(text.pointer, nil) else {
            throw Failure.system("resolve the path", printable(path))
        }
        defer { unsafe free(found) }
        return unsafe Array(UnsafeRawBufferPointer(start: found, count: strlen(found)))
    }

    /// Makes `path` and every directory above it that is missing.
    package static func makeDirectories(_ path: [UInt8], mode: UInt32 = 0o700) throws(Failure) {
        let text = CString(path)
        if unsafe mkdir(text.pointer, mode) == 0 { return }
        let code = errno
        if code == EEXIST {
            let status = try FileStatus(of: path, following: true)
            if status.isDirectory { return }
            throw Failure.system("make the directory", printable(path), errno: ENOTDIR)
        }
        guard code == ENOENT, let slash = path.lastIndex(of: UInt8(ascii: "/")), slash > 0 else {
            throw Failure.system("make the directory", printable(path), errno: code)
        }
        try makeDirectories(Array(path[..<slash]), mode: mode)
        if unsafe mkdir(text.pointer, mode) != 0, errno != EEXIST {
            throw Failure.system("make the directory", printable(path))
        }
    }

}

    /// A directory that is being emptied, and how far.
    private struct Level {
        let node: TreeDirectory
        let names: NameList
        var next = 0
    }

    /// Removes `name` in `parent` with everything in it, of any depth, also what its mode or the flags immutable and
    /// append protect; symlinks are removed, never followed. Absent is fine.
    package static func remove(_ name: [UInt8], in parent: Directory) throws(Failure) {
        let root = TreeDirectory(root: parent, status: try parent.status())
        var levels: [Level] = []
        if let level = try removeOrOpen(name, in: root) { levels.append(level) }
        while let level = levels.last {
            guard level.next < level.names.count else {
                levels.removeLast()
                try removeOne(level.node.name, in: (levels.last?.node ?? root).open(), directory: true)
                continue
            }
            levels[levels.count - 1].next += 1
            if let below = try removeOrOpen(level.names[level.next], in: level.node) { levels.append(below) }
        }
    }

    /// Removes what is no directory; a directory is opened, so that what lies in it can go first.
    private static func removeOrOpen(_ name: [UInt8], in parent: TreeDirectory) throws(Failure) -> Level? {
        let above = try parent.open()
        do throws(Failure) {
            guard try above.status(of: name).isDirectory else {
                try removeOne(name, in: above, directory: false)
                return nil
            }
            let directory = try Directory(unlocking: name, in: above)
            let node = TreeDirectory(name, in: parent, opened: directory, status: try directory.status())
            return Level(node: node, names: try NameList(of: directory))
        } catch {
            if error.systemError == ENOENT { return nil }
            throw error
        }
    }

    private static func removeOne(_ name: [UInt8], in above: Directory, directory: Bool) throws(Failure) {
        do throws(Failure) { try above.remove(name, directory: directory) } catch {
            if error.systemError == ENOENT { return }
            guard error.systemError == EPERM, let file = try? FileDescriptor(contentOf: name, in: above),
                InodeFlags.unprotect(file.number)
            else { throw error }
            try above.remove(name, directory: directory)
        }
    }

    /// Removes the tree at `path`. Absent is fine.
    package static func remove(_ path: [UInt8]) throws(Failure) {
        var trimmed = path
        while trimmed.count > 1, trimmed.last == UInt8(ascii: "/") { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: UInt8(ascii: "/")) else {
            return try remove(trimmed, in: Directory(Array(".".utf8)))
        }
        let above = slash == 0 ? Array("/".utf8) : Array(trimmed[..<slash])
        let parent: Directory
        do throws(Failure) { parent = try Directory(above) } catch {
            if error.systemError == ENOENT { return }
            throw error
        }
        try remove(Array(trimmed[(slash + 1)...]), in: parent)
    }

    /// Reads a whole small file; refuses one of more than `limit` bytes.
    package static func read(_ path: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        let file = try FileDescriptor(opening: path, O_RDONLY)
        var buffer = Buffer(capacity: limit + 1)
        while buffer.room > 0, try file.read(into: &buffer) > 0 {}
        if buffer.count > limit {
            throw Failure(.failed, "\(printable(path)) is larger than \(limit) bytes")
        }
        return buffer.array()
    }

    /// Writes a small file whole: a new one under a temporary name, renamed over the old one when it is on the device.
    package static func write(_ bytes: [UInt8], to path: [UInt8], mode: UInt32 = 0o600) throws(Failure) {
        let slash = path.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { $0 == 0 ? Array("/".utf8) : Array(path[..<$0]) } ?? Array(".".utf8)
        let directory = try Directory(folder)
        let digits = SystemRandomness().bytes(12).map { UInt8(ascii: "a") + $0 % 26 }
        let temporary = Array(".salvor-new-".utf8) + digits
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        let file = try FileDescriptor(opening: temporary, in: directory.number, flags, mode: mode)
        do throws(Failure) {
            try file.write(bytes.span)
            try file.synchronise()
            try directory.rename(temporary, to: slash.map { Array(path[($0 + 1)...]) } ?? path)
            try directory.synchronise()
        } catch {
            try? directory.remove(temporary)
            throw error.within("cannot write \(printable(path))")
        }
    }
}
