/// How a tree of files is written.
package struct FileWriteOptions: Sendable {
    /// Owners by their numbers; else by their names, where this system knows them.
    package var numericOwner: Bool
    /// Whether what is in the way of an entry is replaced. A directory in the way of a directory never is: it is used.
    package var replaces: Bool

    /// Whether a directory with something in it is removed when an entry that is none has its name.
    package var removesDirectories: Bool

    /// Makes options.
    package init(numericOwner: Bool = false, replaces: Bool = true, removesDirectories: Bool = false) {
        self.numericOwner = numericOwner
        self.replaces = replaces
        self.removesDirectories = removesDirectories
    }
}
