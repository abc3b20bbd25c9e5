import Formats
import Platform
import Policies
import Repositories

/// Which snapshot a drill takes. Pure.
package struct DrillSelection: Sendable {
    /// When each snapshot was last drilled, by session.
    package var drills: [[UInt8]: Instant]
    /// Decides where chance does.
    package var seed: UInt64

    /// Makes a selection among snapshots of which some were drilled.
    package init(drills: [[UInt8]: Instant] = [:], seed: UInt64 = 0) {
        self.drills = drills
        self.seed = seed
    }

    /// The snapshot that the rule takes among those of one system, in any order, and the rule in words. Throws when
    /// there is none.
    package func choose(
        _ rule: DrillPolicy.Selection, among snapshots: [SnapshotRecord]
    ) throws(Failure) -> (record: SnapshotRecord, words: String) {
        let ordered = snapshots.sorted { ($0.dataTime, $0.identifier) < ($1.dataTime, $1.identifier) }
        guard let newest = ordered.last else { throw Failure(.failed, "there is no snapshot that could be drilled") }
        switch rule {
        case .newest: return (newest, "the newest")
        case .random:
            let record = ordered[Int(Self.mixed(seed) % UInt64(ordered.count))]
            return (record, "at random, seed \(seed), of \(Quantity.count(ordered.count, "snapshot"))")
        case .leastRecentlyDrilled: return leastRecentlyDrilled(ordered, newest)
        case .at(let text):
            guard let parts = Timestamp.parse(text) else {
                throw Failure(.usage, "`\(text)` is no instant such as 2026-11-07T02:00:00Z")
            }
            let instant = Instant(seconds: parts.seconds, nanoseconds: parts.nanoseconds)
            guard let record = ordered.last(where: { $0.dataTime <= instant }) else {
                throw Failure(
                    .failed, "there is no snapshot of \(text) or before",
                    hint: "the oldest is of \(Timestamp.string(seconds: ordered[0].dataTime.seconds))")
            }
            return (record, "the newest of \(text) or before")
        }
    }

    /// Never drilled comes first, the oldest of those: every recovery point gets its turn.
    private func leastRecentlyDrilled(
        _ ordered: [SnapshotRecord], _ newest: SnapshotRecord
    ) -> (record: SnapshotRecord, words: String) {
        let waiting = ordered.min { one, other in
            switch (drills[one.session], drills[other.session]) {
            case (nil, nil): (one.dataTime, one.identifier) < (other.dataTime, other.identifier)
            case (nil, _): true
            case (_, nil): false
            case (let first?, let second?): first < second
            }
        }
        let record = waiting ?? newest
        let when = drills[record.session].map { "last on \(Timestamp.string(seconds: $0.seconds))" } ?? "never yet"
        return (record, "the least recently drilled, \(when)")
    }

    /// SplitMix64: neighbouring seeds give unrelated numbers.
    private static func mixed(_ seed: UInt64) -> UInt64 {
        var number = seed &+ 0x9e37_79b9_7f4a_7c15
        number = (number ^ (number >> 30)) &* 0xbf58_476d_1ce4_e5b9
        number = (number ^ (number >> 27)) &* 0x94d0_49bb_1331_11eb
        return number ^ (number >> 31)
    }
}
