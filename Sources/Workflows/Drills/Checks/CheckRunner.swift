import Formats
import Platform
import Reports

/// Asks the checks and writes their answers down, with the time that each took.
struct CheckRunner {
    let clock: any Clock
    let cancellation: any Cancellation
    /// How many differing objects a report names for one check.
    static let namedDifferences = 100

    /// Asks the gating, or the other, checks of every subject. A check that cannot look is told as not run; only
    /// cancellation and a damaged repository end the asking.
    func run(_ checks: [any DrillCheck.Type], on subjects: [(adapter: String, subject: CheckSubject)], gating: Bool)
        throws
        -> [Report.Check]
    {
        var answers: [Report.Check] = []
        for (adapter, subject) in subjects {
            for check in checks where check.adapter == adapter && check.isGating == gating {
                try cancellation.check()
                answers.append(try ask(check, of: subject))
            }
        }
        return answers
    }

    private func ask(_ check: any DrillCheck.Type, of subject: CheckSubject) throws -> Report.Check {
        let begin = clock.monotonicSeconds()
        var report = Report.Check(
            check.identifier, source: subject.source, result: .notRun, gating: check.isGating, seconds: 0, detail: "")
        do {
            let answer = try check.run(subject, cancellation: cancellation)
            report.result = answer.differing.isEmpty ? .passed : .failed
            report.detail = answer.detail
            report.expected = answer.expected
            report.actual = answer.actual
            report.compared = answer.compared
            report.differing = Self.named(answer.differing, unnamed: answer.unnamed)
        } catch {
            let failure = Failure(error)
            if [.interrupted, .terminated, .deadline, .damaged].contains(failure.kind) { throw failure }
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
