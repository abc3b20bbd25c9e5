import Formats
import Policies
import Reports

/// `policy.sources`: every source of the policy is in the snapshot. A source that somebody forgot to back up is no part
/// of what could be recovered.
enum PolicySourcesCheck {
    /// Compares the names.
    static func run(_ policy: Policy, snapshot names: [String]) -> [Report.Check] {
        let wanted = policy.sources.map(\.name)
        let missing = wanted.filter { !names.contains($0) }
        let expected = Quantity.count(wanted.count, "source")
        return [
            Report.Check(
                "policy.sources", source: "", result: missing.isEmpty ? .passed : .failed, gating: true, seconds: 0,
                detail: names.joined(separator: ", "), expected: expected, origin: "the policy",
                actual: missing.isEmpty ? expected : "\(Quantity.count(missing.count)) of \(expected) missing",
                differing: missing.map { "\($0) is not in the snapshot" }, compared: UInt64(wanted.count))
        ]
    }
}
