import Formats
import Reports

/// What a person may do about a drill's result, by what was measured. Pure.
///
/// Minutes are what could be saved at best, and each says of what; where nothing speaks for a number there is none.
struct DrillRemedies {
    let report: Report
    let contents: [RecoveredContent]
    let threads: Int

    /// The most useful first: what is wrong, then what saves time, then what removes a risk.
    var all: [Report.Remedy] {
        wrong + saving.sorted { ($0.minutesSaved ?? 0) > ($1.minutesSaved ?? 0) } + risks
    }

    private var wrong: [Report.Remedy] {
        var list: [Report.Remedy] = []
        if report.verdict == DrillVerdict.stale.rawValue {
            let ground = report.dataLossWindowSeconds.map { "the newest data is \(Quantity.duration(seconds: $0)) old" }
            list.append(
                Report.Remedy("Find out why no newer backup is there: look at the last runs", ground: ground ?? ""))
        }
        for check in report.checks where check.gating && check.result == .notRun {
            list.append(Report.Remedy("Let \(check.identifier) run", ground: check.detail))
        }
        for blind in Set(report.proofs.flatMap(\.blind)).sorted() {
            list.append(
                Report.Remedy(
                    "Change the check \(blind): it says the same whatever happens to the data",
                    ground: "it stayed green on a damaged copy"))
        }
        if report.objectives.recoveryTimeMet == false, let promised = report.objectives.recoveryTimeSeconds,
            let measured = report.measuredRecoverySeconds
        {
            let gap = Quantity.duration(seconds: measured - promised)
            list.append(
                Report.Remedy(
                    "Shorten the recovery by \(gap), or promise a longer time",
                    ground: "measured \(Quantity.duration(seconds: measured)), objective "
                        + Quantity.duration(seconds: promised)))
        }
        return list
    }

    /// What takes most of the time, where another way is known to be faster.
    private var saving: [Report.Remedy] {
        var list: [Report.Remedy] = []
        let load = report.phases.first { $0.name == DrillPhase.load.rawValue }?.shareSeconds ?? 0
        // Twice the processors halve the time at best; what a disk or the engine bounds does not shrink with them.
        if load >= Self.secondsThatMatter, threads < Self.threadsMax {
            list.append(
                Report.Remedy(
                    "Recover on a machine with \(threads * 2) processors instead of \(threads)",
                    ground: "loading took \(Quantity.duration(seconds: load)) with \(threads) threads; "
                        + "at best half of it goes",
                    minutesSaved: load / 2 / 60))
        }
        let total = report.measuredRecoverySeconds ?? 0
        if let first = report.largest.first, total >= Self.secondsThatMatter, first.seconds > total / 3 {
            list.append(
                Report.Remedy(
                    "Split \(first.name), or keep what is old of it apart: nothing else is on the way as long",
                    ground: "\(Quantity.duration(seconds: first.seconds)) of "
                        + "\(Quantity.duration(seconds: total)) went to it; at best it is not waited for",
                    minutesSaved: first.seconds / 60))
        }
        return list
    }

    private var risks: [Report.Remedy] {
        var list: [Report.Remedy] = []
        let objectives = report.objectives
        if objectives.recoveryTimeSeconds == nil || objectives.recoveryPointSeconds == nil {
            list.append(
                Report.Remedy(
                    "Promise a time: set objectives.rto and objectives.rpo in a policy",
                    ground: "no objective was given, so nobody knows whether this is good enough"))
        }
        if report.proofs.isEmpty, report.verdict == DrillVerdict.recovered.rawValue {
            list.append(
                Report.Remedy(
                    "Prove the checks: drill once with --prove-checks",
                    ground: "no check has been shown a damage yet"))
        }
        if report.conditions.contains(where: { $0.key == "identity" && $0.value == "password" }) {
            list.append(
                Report.Remedy(
                    "Drill once with the recovery key, on another machine",
                    ground: "the password of the nightly run may be lost together with the machine"))
        }
        return list
    }

    private static let secondsThatMatter = 60.0
    private static let threadsMax = 32
}
