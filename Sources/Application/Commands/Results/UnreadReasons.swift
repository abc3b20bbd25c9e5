import Formats
import Platform
import Reading

/// Why a run that could not read everything is not done, all well.
enum UnreadReasons {
    /// One reason for damage in the repository, one for what could not be read on disk.
    static func of(_ unread: Unread) -> [Failure] {
        var reasons: [Failure] = []
        if unread.damaged > 0 {
            reasons.append(
                Failure(
                    .damaged,
                    "\(Quantity.count(unread.damaged, "part")) of what was asked for could not be read; "
                        + "all else is there",
                    hint: "run `salvor check` to see what is damaged"))
        }
        if unread.unreadable > 0 {
            reasons.append(
                Failure(.incomplete, "\(Quantity.count(unread.unreadable, "item")) on disk could not be read"))
        }
        return reasons
    }
}
