import CLinux
import Glibc

/// An open directory that several threads may use to reach what lies in it; closed when nobody holds it any more.
package final class Directory: Sendable {
    /// The kernel's number; valid as long as this object lives.
    package let number: Int32

    /// Opens a directory by its path. A symlink at its end is followed.
    package init(_ path: [UInt8]) throws(Failure) {
        number = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY).release()
    }

    /// Opens a directory inside another one. A symlink is refused.
    package init(_ name: [UInt8], in parent: Directory) throws(Failure) {
        number = try FileDescriptor(opening: name, in: parent.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).release()
    }

    /// Takes an open descriptor of a directory over.
    package init(owning descriptor: consuming FileDescriptor) { number = descriptor.release() }

    /// Opens a directory inside another one so that names can be made and removed in it: one that its mode or its flags
    /// lock is unlocked first, where this user may. A symlink is refused.
    package init(unlocking name: [UInt8], in parent: Directory) throws(Failure) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        do throws(Failure) { number = try FileDescriptor(opening: name, in: parent.number, flags).release() } catch {
            guard error.systemError == EACCES else { throw error }
            let reference = try FileDescriptor(referenceTo: name, in: parent)
            guard try reference.status().isDirectory else { throw error }
            try FileMetadata.setPermissions(0o700, of: reference.number)
            number = try FileDescriptor(opening: name, in: parent.number, flags).release()
        }
        InodeFlags.unprotect(number)
        let permissions = try FileStatus(ofDescriptor: number).permissions
        if permissions & 0o700 != 0o700 {
            // Root needs no permission bit, and another user's directory cannot be unlocked: then a name fails later.
            try? FileMetadata.setPermissions(permissions | 0o700, of: number)
        }
    }

    deinit { _ = close(number) }

    /// The names in the directory, without `.` and `..`, in ascending order of their bytes.
    package func names() throws(Failure) -> [[UInt8]] {
        let list = try NameList(of: self)
        return (0..<list.count).map { list[$0] }
    }

    /// What the kernel says of the directory itself.
    package func status() throws(Failure) -> FileStatus { try FileStatus(of: [], in: number, following: false) }

    /// What the kernel says of `name` in this directory; a symlink is not followed.
    package func status(of name: [UInt8]) throws(Failure) -> FileStatus {
        try FileStatus(of: name, in: number, following: false)
    }

    /// What the kernel says of one name of a list; a symlink is not followed.
    package func status(of names: NameList, at index: Int) throws(Failure) -> FileStatus {
        try unsafe FileStatus(at: names.pointer(at: index), in: number, following: false)
    }

    /// Makes a directory in this one.
    package func makeDirectory(_ name: [UInt8], mode: UInt32 = 0o700) throws(Failure) {
        let text = CString(name)
        _ = try call("make the directory", printable(name)) { unsafe mkdirat(number, text.pointer, mode) }
    }

    /// Removes a file, or with `directory` an empty directory.
    package func remove(_ name: [UInt8], directory: Bool = false) throws(Failure) {
        let text = CString(name)
        _ = try call("remove", printable(name)) {
            unsafe unlinkat(number, text.pointer, directory ? AT_REMOVEDIR : 0)
        }
    }

    /// Renames, inside this directory or from here into another one of the same file system, over what has the new
    /// name.
    package func rename(_ old: [UInt8], to new: [UInt8], in other: Directory? = nil) throws(Failure) {
        let from = CString(old)
        let to = CString(new)
        let target = other?.number ?? number
        _ = try call("rename", printable(old)) { unsafe renameat(number, from.pointer, target, to.pointer) }
    }

    /// Renames likewise; answers false when the new name is taken.
    package func renameNew(_ old: [UInt8], to new: [UInt8], in other: Directory? = nil) throws(Failure) -> Bool {
        let from = CString(old)
        let to = CString(new)
        let target = other?.number ?? number
        do throws(Failure) {
            _ = try call("rename", printable(old)) { unsafe linux_rename_new(number, from.pointer, target, to.pointer) }
            return true
        } catch {
            if error.systemError == EEXIST { return false }
            throw error
        }
    }

    /// The bytes of a symlink's target.
    package func target(ofSymlink name: [UInt8]) throws(Failure) -> [UInt8] {
        let text = CString(name)
        var capacity = 256
        while true {
            var length = 0
            var target = [UInt8](repeating: 0, count: capacity)
            length = try call("read the symlink", printable(name)) {
                unsafe target.withUnsafeMutableBytes { room in
                    let bytes = unsafe room.bindMemory(to: CChar.self)
                    return unsafe readlinkat(number, text.pointer, bytes.baseAddress.unsafelyUnwrapped, bytes.count)
                }
            }
            if length < capacity {
                target.removeLast(capacity - length)
                return target
            }
            capacity *= 8
        }
    }

    /// Makes a symlink with a target of any bytes but NUL.
    package func makeSymlink(_ name: [UInt8], to target: [UInt8]) throws(Failure) {
        let text = CString(name)
        let destination = CString(target)
        _ = try call("make the symlink", printable(name)) {
            unsafe symlinkat(destination.pointer, number, text.pointer)
        }
    }

    /// Makes a FIFO, a socket or a device; `mode` holds its type bits, `device` the number of a device.
    package func makeNode(_ name: [UInt8], mode: UInt32, device: UInt64) throws(Failure) {
        let text = CString(name)
        _ = try call("make", printable(name)) { unsafe linux_make_node(number, text.pointer, mode, device) }
    }

    /// Gives the file `existing` of another directory a second name here. A symlink is not followed.
    package func link(_ name: [UInt8], to existing: [UInt8], in other: Directory) throws(Failure) {
        let text = CString(name)
        let source = CString(existing)
        _ = try call("make the hard link", printable(name)) {
            unsafe linkat(other.number, source.pointer, number, text.pointer, 0)
        }
    }

    /// Gives a file without a name, opened with `FileDescriptor(unnamedIn:)`, its name here; EEXIST when it is taken.
    package func link(_ name: [UInt8], to file: borrowing FileDescriptor) throws(Failure) {
        let text = CString(name)
        let descriptor = file.number
        _ = try call("name the file", printable(name)) {
            unsafe linux_link_descriptor(descriptor, number, text.pointer)
        }
    }

    /// Waits until the names in this directory are on the device.
    package func synchronise() throws(Failure) {
        _ = try call("synchronise", "a directory") { fsync(number) }
    }
}

/// Whose the directory is: the lock that says which process uses it, its owner and its mode.
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
