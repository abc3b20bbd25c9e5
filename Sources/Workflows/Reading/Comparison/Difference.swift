import Entries

/// One path at which two trees differ.
package struct Difference: Sendable {
    /// How they differ.
    package enum Change: String, Sendable, CaseIterable {
        case added
        case removed
        /// A file has other bytes, a symlink another target, a device another number.
        case content
        /// It is another kind of thing.
        case kind
        /// Everything but the content differs in something.
        case metadata
    }

    package var change: Change
    package var path: [UInt8]
    /// What it was; nil for what was added.
    package var old: Entry?
    /// What it is; nil for what was removed.
    package var new: Entry?
    /// What differs; empty for what was added or removed.
    package var properties: [EntryProperty]
}
