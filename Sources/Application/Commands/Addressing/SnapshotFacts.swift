import Platform

/// What is needed of a snapshot to choose it.
struct SnapshotFacts: Sendable, Equatable {
    /// The identifier in hexadecimal digits.
    var identifier: String
    var system: String
    var host: String
    var tags: [String]
    var dataTime: Instant
}
