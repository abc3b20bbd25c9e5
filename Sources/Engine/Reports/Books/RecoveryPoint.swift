import Platform

/// A snapshot as a report sees it: a point that a system can be brought back to.
package struct RecoveryPoint: Sendable, Equatable {
    package var identifier: String
    /// The instant that the data represents.
    package var dataTime: Instant
    /// The instant from which on it could be recovered, by its writer's clock.
    package var committed: Instant
    /// Bytes of data in all sources.
    package var bytes: UInt64
    /// What is in it, source by source.
    package var sources: [Amount]

    /// How much one source holds.
    package struct Amount: Sendable, Equatable {
        package var source: String
        package var bytes: UInt64
        /// Entries, or rows; nil where the source does not say.
        package var items: UInt64?

        /// Makes an amount.
        package init(_ source: String, bytes: UInt64, items: UInt64? = nil) {
            self.source = source
            self.bytes = bytes
            self.items = items
        }
    }

    /// Makes a recovery point.
    package init(
        _ identifier: String, dataTime: Instant, committed: Instant, bytes: UInt64, sources: [Amount] = []
    ) {
        self.identifier = identifier
        self.dataTime = dataTime
        self.committed = committed
        self.bytes = bytes
        self.sources = sources
    }
}
