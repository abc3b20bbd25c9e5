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

    /// Gives what is at `path` another one, on the same file system; what is there is replaced.
    package static func rename(_ path: [UInt8], to other: [UInt8]) throws(Failure) {
        let (from, to) = (CString(path), CString(other))
        _ = try call("rename", printable(path)) { unsafe Glibc.rename(from.pointer, to.pointer) }
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
