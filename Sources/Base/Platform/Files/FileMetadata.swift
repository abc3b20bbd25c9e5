import CLinux
import Glibc

/// Sets what an inode says about a file. Every descriptor may be a mere reference (`FileDescriptor(referenceTo:in:)`),
/// which is how a symlink, a FIFO or a device is changed without a name that somebody could exchange meanwhile.
package enum FileMetadata {
    /// Sets owner and group; nil leaves one as it is.
    package static func setOwner(_ user: UInt32?, _ group: UInt32?, of descriptor: Int32) throws(Failure) {
        _ = try call("set the owner of", FileDescriptor.name(of: descriptor)) {
            linux_set_owner(descriptor, user ?? .max, group ?? .max)
        }
    }

    /// Sets the permission bits, set-id and sticky among them.
    package static func setPermissions(_ permissions: UInt16, of descriptor: Int32) throws(Failure) {
        _ = try call("set the mode of", FileDescriptor.name(of: descriptor)) {
            linux_set_mode(descriptor, UInt32(permissions))
        }
    }

    /// Sets the time of the last modification; the access time stays.
    package static func setModified(_ time: Instant, of descriptor: Int32) throws(Failure) {
        _ = try call("set the times of", FileDescriptor.name(of: descriptor)) {
            linux_set_modified(descriptor, time.seconds, time.nanoseconds)
        }
    }
}
