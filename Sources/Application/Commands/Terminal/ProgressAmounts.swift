/// How far a run has come.
struct ProgressAmounts: Sendable, Equatable {
    /// What is being done, in one word: `saving`.
    var activity: String
    var bytesDone: UInt64 = 0
    /// Nil as long as nobody knows.
    var bytesTotal: UInt64?
    var itemsDone: UInt64 = 0
    /// The noun of the items, in the plural: `files`.
    var items: String = "files"
}
