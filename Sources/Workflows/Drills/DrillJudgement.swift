import Formats
import Platform
import Reports

/// Draws the conclusion from what happened: verdict, exit code with its reasons, level of evidence, summary. Pure.
struct DrillJudgement {
    /// What was to come back: `shop`.
    var system: String
    /// From what: `snapshot 1a2b3c4d`.
    var snapshot: String
    /// The instant that the data shows, in words.
    var dataTime: String
    /// What ended the drill before its last check; nil when it came to its end.
    var failure: Failure?
    var checks: [Report.Check] = []
    /// The level that the sources reached without the checks.
    var levelReached = EvidenceLevel.present
    /// Whether the snapshot lacks something of its source, or something could not be brought back or written down.
    var isIncomplete = false
    /// Whether something is left in staging.
    var hasLeftovers = false

    /// The word.
    var verdict: DrillVerdict {
        if let failure { return Self.verdict(of: failure) }
        if failedChecks.isEmpty { return unansweredChecks.isEmpty ? .recovered : .unverifiable }
        return .degraded
    }

    /// The kinds of failure that apply, the one that decides the exit code first; empty when all is well.
    var reasons: [FailureKind] {
        var kinds: Set<FailureKind> = []
        if let failure {
            // A plain failure needs no word of its own beside the verdict's.
            if failure.kind != .failed { kinds.insert(failure.kind) }
        }
        switch verdict {
        case .recovered: break
        case .degraded, .unrecoverable: kinds.insert(.notRecovered)
        case .unverifiable: kinds.insert(.unverifiable)
        }
        if hasLeftovers { kinds.insert(.leftBehind) }
        if isIncomplete { kinds.insert(.incomplete) }
        return FailureKind.precedence.filter { kinds.contains($0) }
    }

    /// How far the proof went.
    var level: EvidenceLevel {
        guard failure == nil, verdict == .recovered, checks.contains(where: \.gating) else { return levelReached }
        return max(levelReached, .equal)
    }

    /// The verdict in a sentence.
    var summary: String {
        switch verdict {
        case .recovered:
            return "\(system) came back from \(snapshot): it is as it was at \(dataTime)"
        case .degraded:
            let names = failedChecks.map { check in
                let first = check.differing.first.map { ": \($0)" } ?? ""
                let more = check.differing.count > 1 ? " and \(Quantity.count(check.differing.count - 1)) more" : ""
                return "\(check.identifier) of \(check.source)\(first)\(more)"
            }
            let count = Quantity.count(failedChecks.count, "required check")
            return "\(system) came back from \(snapshot), but \(count) failed (\(names.joined(separator: "; ")))"
        case .unrecoverable:
            return "\(system) did not come back from \(snapshot): \(reason)"
        case .unverifiable:
            return "whether \(system) comes back from \(snapshot) could not be found out: \(reason)"
        }
    }

    private var reason: String {
        if let failure { return failure.description }
        return unansweredChecks.map { "\($0.identifier) of \($0.source) could not run (\($0.detail))" }
            .joined(separator: "; ")
    }

    private var failedChecks: [Report.Check] { checks.filter { $0.gating && $0.result == .failed } }
    private var unansweredChecks: [Report.Check] { checks.filter { $0.gating && $0.result == .notRun } }

    /// What lies with the repository or the snapshot makes it unrecoverable; what lies with this machine, the network
    /// or the person makes it unverifiable: nothing was shown about the backup then.
    private static func verdict(of failure: Failure) -> DrillVerdict {
        switch failure.kind {
        case .unverifiable, .unreachable, .interrupted, .terminated, .deadline, .refused, .usage, .busy, .policy:
            return .unverifiable
        case .failed, .incomplete, .notRecovered, .objectiveMissed, .leftBehind, .noRepository, .wrongKey, .damaged:
            return failure.isLackOfMeans ? .unverifiable : .unrecoverable
        }
    }
}
