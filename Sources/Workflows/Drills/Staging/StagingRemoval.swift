import Glibc
import Platform

/// Removes a tree and goes on where something cannot be removed: what went, and what is left, by name.
package struct StagingRemoval: Sendable {
    /// How many files, directories and other entries went.
    package private(set) var entries: UInt64 = 0
    /// The sizes of the removed files, in bytes.
    package private(set) var bytes: UInt64 = 0
    /// How many processes had to be ended first.
    package var endedProcesses = 0
    /// What is left and why, at most 20 sentences.
    package var problems: [String] = []

    /// Removes `name` in `parent` with everything in it; `path` is its whole path, for messages.
    /// Absent is fine. Symlinks are removed, never followed.
    mutating func remove(_ name: [UInt8], in parent: Directory, path: [UInt8]) {
        do throws(Failure) {
            let status = try parent.status(of: name)
            if status.isDirectory { try empty(name, in: parent, status, path: path) }
            try unlink(name, in: parent, status)
            bytes += status.isRegular && status.links == 1 ? status.size : 0
            entries += 1
        } catch {
            if error.systemError == ENOENT { return }
            // A directory that is not empty was named by what is left in it.
            if error.systemError == ENOTEMPTY, !problems.isEmpty { return }
            if problems.count < 20 { problems.append("\(printable(path)) is left: \(error.cause ?? error.sentence)") }
        }
    }

    private mutating func empty(
        _ name: [UInt8], in parent: Directory, _ status: FileStatus, path: [UInt8]
    ) throws(Failure) {
        if status.permissions & 0o700 != 0o700 { try? parent.permit(0o700, for: name) }
        let directory = try Directory(name, in: parent)
        for child in try directory.names() {
            remove(child, in: directory, path: path + [UInt8(ascii: "/")] + child)
        }
    }

    /// What was restored may be immutable, or lie in a directory that is: the flags go first then.
    private func unlink(_ name: [UInt8], in parent: Directory, _ status: FileStatus) throws(Failure) {
        do throws(Failure) { try parent.remove(name, directory: status.isDirectory) } catch {
            guard error.systemError == EPERM else { throw error }
            try? parent.clearInodeFlags()
            if status.isRegular { try? parent.clearInodeFlags(of: name) }
            if status.isDirectory { try? Directory(name, in: parent).clearInodeFlags() }
            try parent.remove(name, directory: status.isDirectory)
        }
    }
}
