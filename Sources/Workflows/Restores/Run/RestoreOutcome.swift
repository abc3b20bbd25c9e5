import DataSources

/// What a restore of files did.
package struct RestoreOutcome: Sendable, Equatable {
    package var files = 0
    package var directories = 0
    package var links = 0
    package var others = 0
    /// Files and other entries that were there and right, and were left.
    package var left = 0
    /// Items that were not in the snapshot, and were removed.
    package var removed = 0
    /// Whether it went on where a run before it had ended.
    package var isResumed = false
    package var bytes: UInt64 = 0
    /// Sealed bytes that were read from the store.
    package var bytesFetched: UInt64 = 0
    /// What could not be restored: named, with the reason.
    package var missing: [Finding] = []
    /// Whether something is missing because the repository is damaged.
    package var isDamaged = false
    /// What could not be applied to restored items, and why.
    package var fidelity: [Finding] = []
    package var seconds = 0.0

    /// Makes an outcome of nothing.
    package init() {}
}
