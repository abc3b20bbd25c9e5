import Formats
import Platform
import Reports

/// Asks the checks and writes their answers down, with the time that each took.
struct CheckRunner {
    let clock: any Clock
    let cancellation: any Cancellation
    /// How many differing objects a report names for one check.
    static let namedDifferences = 100

    /// Asks the gating, or the other, checks. A check that cannot look, or takes longer than it may, is told as not
    /// run; only cancellation and a damaged repository end the asking.
    func run(_ checks: [PlannedCheck], gating: Bool) throws -> [Report.Check] {
        try checks.filter { $0.isGating == gating }.map { check in
            try cancellation.check()
            return try ask(check)
        }
    }

    private func ask(_ check: PlannedCheck) throws -> Report.Check {
        let begin = clock.monotonicSeconds()
        var report = Report.Check(
            check.identifier, source: check.source, result: .notRun, gating: check.isGating, seconds: 0, detail: "",
            type: check.type, origin: check.origin)
        let patience = DeadlineCancellation(cancellation, clock: clock)
        if let seconds = check.timeoutSeconds { patience.allow(seconds, for: "the check") }
        do {
            let answer = try check.ask(patience)
            report.result = answer.differing.isEmpty ? .passed : .failed
            report.detail = answer.detail
            report.expected = answer.expected
            report.actual = answer.actual
            report.compared = answer.compared
            report.differing = Self.named(answer.differing, unnamed: answer.unnamed)
        } catch {
            try cancellation.check()
            let failure = Failure(error)
            if [.interrupted, .terminated, .damaged].contains(failure.kind) { throw failure }
            report.detail = failure.description
        }
        report.seconds = clock.monotonicSeconds() - begin
        return report
    }

    private static func named(_ differing: [String], unnamed: UInt64) -> [String] {
        let named = differing.prefix(namedDifferences)
        let more = UInt64(differing.count - named.count) + unnamed
        return more == 0 ? differing : named + ["and \(Quantity.count(more)) more"]
    }
}
