/// The `errno` values by which stores say what repositories must know.
enum Errno {
    /// ENOENT: there is no such object.
    static let noSuchObject: Int32 = 2
    /// EIO, EBADMSG, EUCLEAN: the object is there, and the device cannot give its bytes. ELOOP, EISDIR, ENXIO:
    /// something else has been put in its place.
    static let unreadable: Set<Int32> = [5, 74, 117, 40, 21, 6]
}
