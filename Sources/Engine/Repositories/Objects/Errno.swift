/// The `errno` values by which stores say what repositories must know.
enum Errno {
    /// ENOENT: there is no such object.
    static let noSuchObject: Int32 = 2
}
