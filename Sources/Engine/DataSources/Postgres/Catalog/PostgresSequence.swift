/// One sequence and where it stands.
struct PostgresSequence: Sendable, Equatable {
    var schema: String
    var name: String
    /// Whether our role may read where it stands.
    var isReadable = true
    /// Whether the server has it: a standby has no unlogged ones.
    var isThere = true
    var lastValue: Int64
    /// Whether the next value is after `lastValue`, and not `lastValue` itself.
    var isCalled: Bool

    /// The name as people write it.
    var shown: String { "\(schema).\(name)" }
    /// The name as SQL takes it.
    var quoted: String { PostgresText.identifier(schema, name) }
}
