/// Which file it is, whatever it is called: its device and its inode.
package struct FileIdentity: Sendable, Hashable {
    package var device: UInt64
    package var inode: UInt64

    /// Takes it from what the kernel says of a file.
    package init(_ status: FileStatus) {
        device = status.device
        inode = status.inode
    }
}
