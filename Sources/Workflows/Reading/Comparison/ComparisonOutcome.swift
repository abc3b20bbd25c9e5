import Entries

/// How much two trees differ.
package struct ComparisonOutcome: Sendable {
    /// How many paths differ in each way.
    package private(set) var counts: [Difference.Change: Int] = [:]
    /// Bytes of files that only the new tree has.
    package private(set) var bytesAdded: UInt64 = 0
    /// Bytes of files that only the old tree has.
    package private(set) var bytesRemoved: UInt64 = 0
    /// Bytes that changed files have now.
    package private(set) var bytesChanged: UInt64 = 0
    /// Bytes on disk that were read.
    package internal(set) var bytesRead: UInt64 = 0
    /// What could not be read, and is not compared.
    package internal(set) var unread = Unread()

    /// How many paths differ so.
    package func count(_ change: Difference.Change) -> Int { counts[change] ?? 0 }

    /// How many paths differ.
    package var total: Int { counts.values.reduce(0, +) }

    mutating func add(_ difference: Difference) {
        counts[difference.change, default: 0] += 1
        let (old, new) = (difference.old?.size ?? 0, difference.new?.size ?? 0)
        switch difference.change {
        case .added: Self.add(new, to: &bytesAdded)
        case .removed: Self.add(old, to: &bytesRemoved)
        case .content: Self.add(new, to: &bytesChanged)
        case .kind:
            Self.add(new, to: &bytesAdded)
            Self.add(old, to: &bytesRemoved)
        case .metadata: break
        }
    }

    /// What snapshots claim may be any numbers.
    private static func add(_ bytes: UInt64, to sum: inout UInt64) {
        let (total, overflow) = sum.addingReportingOverflow(bytes)
        sum = overflow ? .max : total
    }
}
