import Platform

/// What the readers of one database have read to its end; asked when all of them are done.
final class PostgresLedger: @unchecked Sendable {
    /// Rows, the sum of their hashes, bytes, and how many of those the repository did not hold.
    struct Tally: Sendable, Equatable {
        var rows: UInt64 = 0
        var sum: UInt128 = 0
        var bytes: UInt64 = 0
        var newBytes: UInt64 = 0

        /// Adds another tally.
        mutating func add(_ other: Tally) {
            rows += other.rows
            sum &+= other.sum
            bytes += other.bytes
            newBytes += other.newBytes
        }
    }

    private let lock = Lock()
    private var parts: [[Tally?]]
    private var read: PostgresStructure?

    /// Expects `partCounts[i]` parts of relation i.
    init(partCounts: [Int]) { parts = partCounts.map { Array(repeating: nil, count: $0) } }

    /// Notes a part; when it is read again, the last reading counts.
    func note(_ tally: Tally, relation: Int, part: Int) { lock.locked { parts[relation][part] = tally } }

    /// Notes the structure that the schema archive holds.
    func note(_ structure: PostgresStructure) { lock.locked { read = structure } }

    /// The structure, nil when the schema archive was not written to its end.
    var structure: PostgresStructure? { lock.locked { read } }

    /// The sum of all parts, nil when one is missing.
    func total(relation: Int) -> Tally? {
        lock.locked {
            var total = Tally()
            for part in parts[relation] {
                guard let part else { return nil }
                total.add(part)
            }
            return total
        }
    }
}
