import Entries
import Platform

/// An entry in a tree: what it is, and where its bytes or its children are.
package struct TreeEntry: Sendable, Equatable {
    package var entry: Entry
    /// A file's bytes, or a directory's pages; nil for everything else.
    package var content: Content?
    /// False when it changed so shortly before it was read that a later change might look the same.
    package var isSettled: Bool

    /// Makes a tree entry.
    package init(entry: Entry, content: Content?, isSettled: Bool) {
        self.entry = entry
        self.content = content
        self.isSettled = isSettled
    }
}
