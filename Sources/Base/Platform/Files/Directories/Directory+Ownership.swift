import CLinux
import Glibc

/// Who a directory belongs to: the lock that says which process uses it, its owner and its mode.
extension Directory {
    /// Takes the directory for this object alone; false when somebody else holds it. The kernel lets go when the object
    /// goes away or the process dies, by whatever cause. Children do not inherit it.
    package func takeLock() throws(Failure) -> Bool {
        do throws(Failure) {
            _ = try call("lock", "a directory") { flock(number, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error.systemError == EWOULDBLOCK { return false }
            throw error
        }
    }

    /// The absolute path of the directory without symlinks; one that was removed has ` (deleted)` at its end.
    package func canonicalPath() throws(Failure) -> [UInt8] {
        try targetOfLink(Array("/proc/self/fd/\(number)".utf8))
    }

    /// Makes a user and a group the directory's owners.
    package func give(toUser user: UInt32, group: UInt32) throws(Failure) {
        _ = try call("give away", "a directory") { fchown(number, user, group) }
    }

    /// Sets the directory's permission bits, whatever the process's mask is.
    package func permit(_ mode: UInt32) throws(Failure) {
        _ = try call("set the mode of", "a directory") { fchmod(number, mode) }
    }
}

/// What can keep an entry of a directory from being removed, and is taken away before it is.
extension Directory {
    /// Sets the permission bits of a directory in this one.
    package func permit(_ mode: UInt32, for name: [UInt8]) throws(Failure) {
        let text = CString(name)
        _ = try call("set the mode of", printable(name)) { unsafe fchmodat(number, text.pointer, mode, 0) }
    }

    /// Clears the inode flags of this directory, such as immutable and append-only.
    package func clearInodeFlags() throws(Failure) {
        _ = try call("clear the flags of", "a directory") { linux_set_inode_flags(number, 0) }
    }

    /// Clears the inode flags of a regular file in this directory.
    package func clearInodeFlags(of name: [UInt8]) throws(Failure) {
        let file = try FileDescriptor(opening: name, in: number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        _ = try call("clear the flags of", printable(name)) { linux_set_inode_flags(file.number, 0) }
    }
}
