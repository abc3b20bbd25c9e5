/// The `errno` values by which sources say what a backup must know.
enum Errno {
    /// ENOENT: the file has vanished since the walk saw it.
    static let noSuchFile: Int32 = 2
}
