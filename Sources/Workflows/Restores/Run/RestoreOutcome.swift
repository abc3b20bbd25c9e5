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
    /// What each directory at the top took, by its path below the target.
    var places: [[[UInt8]]: Place] = [:]

    /// A directory at the top of what was restored.
    package struct Place: Sendable, Equatable {
        /// Its path below the target; empty for all that has no line of its own.
        package var path: [[UInt8]]
        /// Time of a worker, seconds.
        package var seconds = 0.0
        /// Bytes of its files.
        package var bytes: UInt64 = 0

        mutating func add(seconds more: Double, bytes count: UInt64) {
            seconds += more
            // What an entry claims to be long may be any number.
            let (sum, isTooLarge) = bytes.addingReportingOverflow(count)
            bytes = isTooLarge ? .max : sum
        }
    }

    /// The directories at the top that took longest, at most `count`, with their shares of `wholeSeconds`.
    package func slowest(_ count: Int, of wholeSeconds: Double) -> [Place] {
        let total = places.values.reduce(0) { $0 + $1.seconds }
        guard total > 0 else { return [] }
        let shares = places.values.map { place in
            Place(path: place.path, seconds: place.seconds / total * wholeSeconds, bytes: place.bytes)
        }
        let ordered = shares.sorted { one, other in
            one.seconds != other.seconds
                ? one.seconds > other.seconds
                : one.path.lexicographicallyPrecedes(other.path) { $0.lexicographicallyPrecedes($1) }
        }
        return Array(ordered.prefix(count))
    }

    /// Makes an outcome of nothing.
    package init() {}
}
