/// A tree of files, and what of it is left out.
package struct FilesPolicy: Sendable, Equatable {
    /// An absolute path.
    package var root: String
    /// Patterns of what is left out, as `backup --exclude` takes them.
    package var exclude: [String] = []
    /// Whether directories that carry a `CACHEDIR.TAG` are left out.
    package var excludeCaches = false
    /// Whether what is mounted below the root is left out.
    package var oneFileSystem = false

    /// Takes all of a tree.
    package init(root: String) { self.root = root }
}
