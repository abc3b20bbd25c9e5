import CLinux
import Glibc

/// The flags of an inode, as `lsattr` shows them (FS_IOC_GETFLAGS).
package enum InodeFlags {
    /// Nothing about the file can be changed.
    package static let immutable: UInt32 = 0x10
    /// Bytes can only be appended; names in a directory only added.
    package static let append: UInt32 = 0x20
    /// The flags that take effect only on a file without content: compress, nocompress, nocow, casefold.
    package static let early: UInt32 = 0x4 | 0x400 | 0x80_0000 | 0x4000_0000
    /// The flags that a user or root may set (chattr): the rest tells how the file system keeps the file. Beside those
    /// above: secrm, unrm, sync, nodump, noatime, journal, notail, dirsync, topdir, dax, project.
    package static let settable: UInt32 =
        immutable | append | early | 0x1 | 0x2 | 0x8 | 0x40 | 0x80 | 0x4000 | 0x8000 | 0x1_0000 | 0x2_0000 | 0x200_0000
        | 0x2000_0000

    /// All flags of an open file or directory; 0 where the file system keeps none.
    package static func read(_ descriptor: Int32) throws(Failure) -> UInt32 {
        var flags: UInt32 = 0
        do throws(Failure) {
            _ = try call("read the inode flags of", FileDescriptor.name(of: descriptor)) {
                unsafe linux_inode_flags(descriptor, &flags)
            }
        } catch {
            if [ENOTTY, EOPNOTSUPP, EINVAL, ENOSYS].contains(error.systemError) { return 0 }
            throw error
        }
        return flags
    }

    /// Takes away the flags immutable and append, which forbid to change, rename or remove; answers whether any was
    /// there.
    @discardableResult
    package static func unprotect(_ descriptor: Int32) -> Bool {
        guard let flags = try? read(descriptor), flags & (immutable | append) != 0 else { return false }
        return (try? set(flags & ~(immutable | append), on: descriptor)) != nil
    }

    /// Gives an open file or directory the settable flags in `wanted`; its other flags stay. No call when they are set.
    package static func set(_ wanted: UInt32, on descriptor: Int32) throws(Failure) {
        let present = try read(descriptor)
        let flags = present & ~settable | wanted & settable
        if flags == present { return }
        _ = try call("set the inode flags of", FileDescriptor.name(of: descriptor)) {
            linux_set_inode_flags(descriptor, flags)
        }
    }
}
