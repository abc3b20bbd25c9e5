import CLinux
import Glibc

/// What the kernel says of one file, in one call.
package struct FileStatus: Sendable, Equatable {
    /// Type and permission bits, as in `st_mode`.
    package var mode: UInt16
    package var user: UInt32
    package var group: UInt32
    package var links: UInt32
    package var inode: UInt64
    package var device: UInt64
    /// The kernel's number of the mount that the file was reached by; 0 where it does not say.
    package var mount: UInt64
    /// The number of the device that this file is, for device files.
    package var specialDevice: UInt64
    /// Bytes.
    package var size: UInt64
    /// Allocated blocks of 512 bytes.
    package var blocks: UInt64
    package var modified: Instant
    package var changed: Instant
    /// Birth time, where the file system keeps one.
    package var born: Instant?

    /// Asks for `name` in `directory` (AT_FDCWD for the working directory; an empty name is the descriptor itself).
    package init(of name: [UInt8], in directory: Int32 = AT_FDCWD, following: Bool) throws(Failure) {
        let text = CString(name)
        try unsafe self.init(at: text.pointer, in: directory, following: following)
        withExtendedLifetime(text) {}
    }

    /// Asks for an open file, or a reference to one.
    package init(ofDescriptor number: Int32) throws(Failure) { try self.init(of: [], in: number, following: false) }

    /// Asks for the NUL-terminated `name` in `directory`: a walk spares the copy.
    init(at name: UnsafePointer<CChar>, in directory: Int32, following: Bool) throws(Failure) {
        var raw = linux_status()
        _ = try call("look at", unsafe printable(name)) {
            unsafe linux_status_at(directory, name, following ? 1 : 0, &raw)
        }
        mode = raw.mode
        user = raw.uid
        group = raw.gid
        links = raw.links
        inode = raw.inode
        device = raw.device
        mount = raw.mount
        specialDevice = raw.special_device
        size = raw.size
        blocks = raw.blocks
        modified = Instant(seconds: raw.modified_seconds, nanoseconds: raw.modified_nanoseconds)
        changed = Instant(seconds: raw.changed_seconds, nanoseconds: raw.changed_nanoseconds)
        born = raw.has_birth != 0 ? Instant(seconds: raw.born_seconds, nanoseconds: raw.born_nanoseconds) : nil
    }

    /// The type bits of the mode (S_IFMT).
    package var type: UInt16 { mode & 0o170000 }
    /// Whether it is a file with content.
    package var isRegular: Bool { type == 0o100000 }
    /// Whether it is a directory.
    package var isDirectory: Bool { type == 0o040000 }
    /// Whether it is a symbolic link.
    package var isSymlink: Bool { type == 0o120000 }
    /// The permission bits, with set-id and sticky.
    package var permissions: UInt16 { mode & 0o7777 }
}
