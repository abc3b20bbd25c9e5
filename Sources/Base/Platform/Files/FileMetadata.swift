import CLinux
import Glibc

/// Sets what an inode says about a file, by descriptor or, for what cannot be opened, by name without following it.
package enum FileMetadata {
    /// Sets owner and group; nil leaves one as it is.
    package static func setOwner(_ user: UInt32?, _ group: UInt32?, of descriptor: Int32) throws(Failure) {
        _ = try call("set the owner of", "descriptor \(descriptor)") { fchown(descriptor, user ?? .max, group ?? .max) }
    }

    /// Sets owner and group of `name` itself, also of a symlink; nil leaves one as it is.
    package static func setOwner(
        _ user: UInt32?, _ group: UInt32?, of name: [UInt8], in directory: Directory
    ) throws(Failure) {
        let text = CString(name)
        _ = try call("set the owner of", printable(name)) {
            unsafe fchownat(directory.number, text.pointer, user ?? .max, group ?? .max, AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Sets the permission bits, set-id and sticky among them. The descriptor may be a mere reference.
    package static func setPermissions(_ permissions: UInt16, of descriptor: Int32) throws(Failure) {
        _ = try call("set the mode of", "descriptor \(descriptor)") { linux_set_mode(descriptor, UInt32(permissions)) }
    }

    /// Sets the time of the last modification; the access time stays.
    package static func setModified(_ time: Instant, of descriptor: Int32) throws(Failure) {
        _ = try call("set the times of", "descriptor \(descriptor)") {
            linux_set_descriptor_times(descriptor, time.seconds, time.nanoseconds)
        }
    }

    /// Sets the time of the last modification of `name` itself, also of a symlink; the access time stays.
    package static func setModified(_ time: Instant, of name: [UInt8], in directory: Directory) throws(Failure) {
        let text = CString(name)
        _ = try call("set the times of", printable(name)) {
            unsafe linux_set_times(directory.number, text.pointer, time.seconds, time.nanoseconds, 0)
        }
    }
}
