import Platform

/// Counts the directories that a walk through a snapshot enters, and stops a walk that would find no end. Used by one
/// thread.
///
/// A directory is stored once however often it occurs: sixty of them that hold each other twice are a tree of 2^60. An
/// honest tree repeats directories too, such as those that hold hard links to the same files; but its record tells how
/// many directories there are. So a tree is refused that has more than 10,000, more than its record tells, and a
/// hundred times more than are different.
package final class DirectoryCount {
    private let snapshot: String
    private let index: ChunkIndex
    /// How many directories the record tells of.
    private let told: UInt64
    private var entered: UInt64 = 0
    /// The positions of their first pages.
    private var different = NumberSet(below: 0)

    private static let enteredAtMost: UInt64 = 10_000
    private static let repeatedAtMost: UInt64 = 100

    /// Begins to count for a walk whose pages come from `reader`.
    package init(_ record: SnapshotRecord, reader: ChunkReader) {
        snapshot = record.shortIdentifier
        index = reader.index
        told = record.toldDirectories
    }

    /// Counts a directory. Throws `.damaged` when there is no end to them.
    package func enter(_ directory: Content) throws {
        entered += 1
        if let page = directory.items.first, let position = index.position(of: page.id) { different.insert(position) }
        guard entered > max(Self.enteredAtMost, told), entered > UInt64(different.count) * Self.repeatedAtMost else {
            return
        }
        throw Failure(
            .damaged, "the tree of the snapshot \(snapshot) repeats its directories without end",
            cause: "\(entered) were entered, of which \(different.count) are different; its record tells of \(told)")
    }
}
