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
    /// How the checks were proved; empty when they were not.
    var proofs: [Report.Proof] = []
    /// What was promised, and whether it was kept.
    var objectives = Report.Objectives()
    /// Whether the newest snapshot was too old to be drilled.
    var isStale = false
    /// How old its data is, seconds.
    var ageSeconds = 0.0
    /// The checks that would show equality with the source, and did not pass: a policy may have made them audits.
    var uncompared: [String] = []
    /// Whether one of the policy's own questions decides, too: what came back is shown to be usable then.
    var showsUse = false
    /// The level that the sources reached without the checks.
    var levelReached = EvidenceLevel.present
    /// Whether the snapshot lacks something of its source, or something could not be brought back or written down.
    var isIncomplete = false
    /// Whether something is left in staging.
    var hasLeftovers = false

    /// The word.
    var verdict: DrillVerdict {
        if isStale { return .stale }
        if let failure { return Self.verdict(of: failure) }
        if failedChecks.isEmpty, blind.isEmpty { return unansweredChecks.isEmpty ? .recovered : .unverifiable }
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
        case .stale: kinds.insert(.objectiveMissed)
        }
        if isObjectiveMissed { kinds.insert(.objectiveMissed) }
        if hasLeftovers { kinds.insert(.leftBehind) }
        if isIncomplete { kinds.insert(.incomplete) }
        return FailureKind.precedence.filter { kinds.contains($0) }
    }

    /// How far the proof went.
    var level: EvidenceLevel {
        guard failure == nil, verdict == .recovered, uncompared.isEmpty, checks.contains(where: \.gating) else {
            return levelReached
        }
        guard showsUse else { return max(levelReached, .equal) }
        let isInTime = objectives.recoveryTimeMet == true && objectives.recoveryPointMet == true
        return isInTime ? .inTime : .usable
    }

    /// Whether it came back, and later or older than was promised.
    private var isObjectiveMissed: Bool {
        objectives.recoveryTimeMet == false || objectives.recoveryPointMet == false
    }

    /// The verdict in a sentence.
    var summary: String {
        switch verdict {
        case .recovered:
            guard uncompared.isEmpty else {
                let names = uncompared.joined(separator: ", ")
                return "\(system) came back from \(snapshot), of \(dataTime); that it is as it was is not shown "
                    + "(\(names))\(missedObjectives)"
            }
            return "\(system) came back from \(snapshot): it is as it was at \(dataTime)\(missedObjectives)"
        case .degraded:
            return "\(system) came back from \(snapshot), but \(complaints.joined(separator: ", and "))"
        case .unrecoverable:
            return "\(system) did not come back from \(snapshot): \(reason)"
        case .unverifiable:
            return "whether \(system) comes back from \(snapshot) could not be found out: \(reason)"
        case .stale:
            let promised = objectives.recoveryPointSeconds.map { Quantity.duration(seconds: $0) } ?? ""
            return "the newest snapshot of \(system) shows \(dataTime), \(Quantity.duration(seconds: ageSeconds)) ago; "
                + "\(promised) were promised, and nothing was fetched"
        }
    }

    /// What is wrong with what came back, and with the checks.
    private var complaints: [String] {
        var list: [String] = []
        if !failedChecks.isEmpty {
            let names = failedChecks.map { check in
                let first = check.differing.first.map { ": \(Self.brief($0))" } ?? ""
                let more = check.differing.count > 1 ? " and \(Quantity.count(check.differing.count - 1)) more" : ""
                return "\(check.whole)\(first)\(more)"
            }
            let count = Quantity.count(failedChecks.count, "required check")
            list.append("\(count) failed (\(names.joined(separator: "; ")))")
        }
        if !blind.isEmpty {
            let names = blind.map { "\($0.check) stays green with \($0.damage)" }
            list.append("\(Quantity.count(blind.count, "check")) proved blind (\(names.joined(separator: "; ")))")
        }
        return list
    }

    private var missedObjectives: String {
        var words: [String] = []
        if objectives.recoveryTimeMet == false, let promised = objectives.recoveryTimeSeconds {
            words.append("it took longer than the \(Quantity.duration(seconds: promised)) that were promised")
        }
        if objectives.recoveryPointMet == false, let promised = objectives.recoveryPointSeconds {
            words.append("that is longer ago than the \(Quantity.duration(seconds: promised)) that were promised")
        }
        return words.isEmpty ? "" : ", but " + words.joined(separator: ", and ")
    }

    /// The beginning of a difference: a summary is one sentence, and the whole stands at the check.
    private static func brief(_ difference: String) -> String {
        difference.unicodeScalars.count <= briefMax
            ? difference : String(String.UnicodeScalarView(difference.unicodeScalars.prefix(briefMax))) + "…"
    }

    private static let briefMax = 100

    private var blind: [(check: String, damage: String)] {
        proofs.flatMap { proof in
            proof.blind.map { ($0, "\(proof.damage) (\(proof.object))") }
        }
    }

    private var reason: String {
        if let failure { return failure.description }
        return unansweredChecks.map { "\($0.whole) could not run (\($0.detail))" }
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
