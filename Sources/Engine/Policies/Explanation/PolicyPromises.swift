import Formats

/// The objectives of a policy in words.
enum PolicyPromises {
    /// What was promised, and what was not.
    static func sentences(_ objectives: ObjectivesPolicy) -> [String] {
        let loss =
            objectives.rpoSeconds.map {
                "Recovery point objective: at most \(duration($0)) of data may be lost. A drill measures how old the "
                    + "data of the newest snapshot is, and calls it stale when it is older."
            } ?? "Nothing was promised about how much data may be lost: no drill judges how old a snapshot is."
        let time =
            objectives.rtoSeconds.map {
                "Recovery time objective: the system is back within \(duration($0)). A drill measures how long its "
                    + "recovery takes, and fails its objective (exit code 5) when that is longer."
            } ?? "Nothing was promised about how long a recovery may take: a drill measures it, and does not judge it."
        return [loss, time]
    }

    /// A duration by its units, exactly: `1 day 2 hours`.
    static func duration(_ seconds: Double) -> String {
        var rest = UInt64(seconds)
        var words: [String] = []
        for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")] as [(UInt64, String)] {
            let count = rest / unit
            rest %= unit
            if count > 0 { words.append(Quantity.count(count, name)) }
        }
        return words.joined(separator: " ")
    }
}
