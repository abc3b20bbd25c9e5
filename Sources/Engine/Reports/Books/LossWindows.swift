import Platform

/// How much data a loss would have cost at each moment of a stretch of time: the time since the newest data that was
/// in the repository at that moment. It grows by a second a second, and falls when a snapshot is committed.
struct LossWindows: Sendable {
    /// Between two commits. Seconds, counted from the begin of the time that is looked at.
    struct Rise: Sendable {
        var from: Double
        var to: Double
        var lossBefore: Double
        var lossAfter: Double { lossBefore + to - from }
    }

    /// In order, without gaps; empty when there was nothing to lose before.
    let rises: [Rise]
    /// How long the time is that is looked at, seconds.
    let length: Double

    /// Looks at the `length` seconds before `end`.
    init(_ points: [RecoveryPoint], length: Double, before end: Instant) {
        self.length = length
        var rises: [Rise] = []
        // Where a snapshot was committed, and which data it holds: seconds from the begin.
        let commits = points.map { point in
            (at: length - end.seconds(since: point.committed), data: length - end.seconds(since: point.dataTime))
        }.filter { $0.at < length }.sorted { $0.at < $1.at }
        var newest: Double?
        var begin = 0.0
        for commit in commits {
            if let data = newest, commit.at > begin {
                rises.append(Rise(from: begin, to: commit.at, lossBefore: max(0, begin - data)))
            }
            begin = max(begin, commit.at)
            newest = max(newest ?? commit.data, commit.data)
        }
        if let data = newest, length > begin {
            rises.append(Rise(from: begin, to: length, lossBefore: max(0, begin - data)))
        }
        self.rises = rises
    }

    /// The longest window of all; nil when there is none.
    var worst: Rise? { rises.max { $0.lossAfter < $1.lossAfter } }

    /// The one at the end.
    var now: Double? { rises.last?.lossAfter }

    /// How many of the rises went over a limit.
    func count(over limit: Double) -> Int { rises.count { $0.lossAfter > limit } }
}
