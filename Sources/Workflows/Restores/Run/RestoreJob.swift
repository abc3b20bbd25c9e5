import DataSources
import Repositories

/// A name that a worker of a restore brings back.
struct RestoreJob: Sendable {
    /// How.
    enum Way: Sendable {
        /// Its bytes are written; what is in the way was looked at.
        case write(isInTheWay: Bool)
        /// It becomes a link to a file that is there.
        case link(LinkTarget)
    }

    var item: TreeEntry
    var directory: RestoreDirectory
    var way: Way
    /// The hard-link group of which it is the first name.
    var group: LinkGroups.Key?
    /// Where the first of its bytes lie: the frame's number, by which jobs are put in order.
    var frame: UInt32
}
