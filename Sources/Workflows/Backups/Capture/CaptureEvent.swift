import DataSources
import Entries
import Repositories

/// What happened next in a walk, for the tree that is being built.
enum CaptureEvent: Sendable {
    /// An entry that the parent snapshot has, taken over.
    case known(TreeEntry)
    /// A new entry that is complete.
    case entry(TreeEntry)
    /// An entry whose content a reader captures: its number in the group's batch.
    case pending(Int)
    case enter(Entry, ChildOrder)
    case leave
}
