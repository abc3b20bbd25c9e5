/// The comment on a database that a restore has begun and not ended.
///
/// It is set as soon as there is a database, and gives way to the source's own comment in the transaction that ends the
/// restore. A second run of the same restore knows its own unfinished work by it, and starts that over; a database
/// without it is never dropped unless told.
struct PostgresMark: Sendable, Equatable {
    /// What is restored: the snapshot and the source in it.
    let restored: String

    private static let opening = "salvor restore "
    private static let ending = " unfinished: the same command starts it over"

    /// The comment.
    var text: String { Self.opening + restored + Self.ending }

    /// What an unfinished restore was restoring, by the comment on its database; nil for any other comment.
    static func restored(by comment: String) -> String? {
        guard comment.hasPrefix(opening), comment.hasSuffix(ending) else { return nil }
        return String(comment.dropFirst(opening.count).dropLast(ending.count))
    }
}
