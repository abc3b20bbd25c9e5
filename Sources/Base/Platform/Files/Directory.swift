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

    deinit { _ = close(number) }

    /// The names in the directory, without `.` and `..`, in ascending order of their bytes.
    package func names() throws(Failure) -> [[UInt8]] {
        let copy = try FileDescriptor(opening: Array(".".utf8), in: number, O_RDONLY | O_DIRECTORY)
        guard let stream = unsafe linux_open_directory(copy.release()) else {
            throw Failure.system("list", "a directory")
        }
        defer { unsafe linux_close_directory(stream) }
        var names: [[UInt8]] = []
        while true {
            var name: UnsafePointer<CChar>?
            var length = 0
            var type: UInt8 = 0
            let answer = unsafe linux_next_entry(stream, &name, &length, &type)
            if answer == 0 { break }
            guard answer > 0, let name = unsafe name else { throw Failure.system("list", "a directory") }
            unsafe names.append(Array(UnsafeRawBufferPointer(start: name, count: length)))
        }
        names.sort { $0.lexicographicallyPrecedes($1) }
        return names
    }

    /// What the kernel says of `name` in this directory; a symlink is not followed.
    package func status(of name: [UInt8]) throws(Failure) -> FileStatus {
        try FileStatus(of: name, in: number, following: false)
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

    /// Renames inside this directory, over what has the new name.
    package func rename(_ old: [UInt8], to new: [UInt8]) throws(Failure) {
        let from = CString(old)
        let to = CString(new)
        _ = try call("rename", printable(old)) { unsafe renameat(number, from.pointer, number, to.pointer) }
    }

    /// Renames inside this directory; answers false when the new name is taken.
    package func renameNew(_ old: [UInt8], to new: [UInt8]) throws(Failure) -> Bool {
        let from = CString(old)
        let to = CString(new)
        do throws(Failure) {
            _ = try call("rename", printable(old)) { unsafe linux_rename_new(number, from.pointer, number, to.pointer) }
            return true
        } catch {
            if error.systemError == EEXIST { return false }
            throw error
        }
    }

    /// Waits until the names in this directory are on the device.
    package func synchronise() throws(Failure) {
        _ = try call("synchronise", "a directory") { fsync(number) }
    }
}
