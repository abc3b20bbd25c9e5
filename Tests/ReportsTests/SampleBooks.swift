import Platform
import Reports

/// Reports with what stands around them, as a repository would give it.
enum SampleBooks {
    private static let day: Int64 = 86_400

    /// The report at the end of `drills` drills, in a repository with a snapshot every six hours for forty days, of
    /// which some are late.
    static func book(of report: Report, drills: Int = 12) -> ReportBook {
        ReportBook(
            report, history: history(before: report, count: drills - 1) + [report], points: points(before: report),
            evidence: EvidenceStanding(
                digest: String(repeating: "ab", count: 32), signature: .signed(by: "key \(report.system)"),
                chain: report.previous == nil ? .first : .linked),
            now: shifted(report.ended, by: 120))
    }

    /// A repository in which two systems are saved, one of which was never drilled.
    static func repository(_ report: Report) -> RepositoryBook {
        let book = book(of: report)
        return RepositoryBook(
            location: "/backup/\(report.system)", version: "1.2.3",
            systems: [
                RepositoryBook.System(report.system, drills: book.history, points: book.points),
                RepositoryBook.System("never drilled", points: book.points),
                RepositoryBook.System("nothing left", drills: book.history),
            ], now: book.now)
    }

    private static func history(before report: Report, count: Int) -> [Report] {
        (0..<max(0, count)).map { number in
            var earlier = number % 7 == 3 ? SampleReports.unrecoverable : report
            earlier.system = report.system
            earlier.identifier = "earlier\(number)"
            earlier.started = shifted(report.started, by: Int64(number - count) * 7 * day)
            earlier.ended = shifted(earlier.started, by: 1800)
            if number % 7 != 3 {
                earlier.verdict =
                    ["recovered", "degraded", "recovered", "stale", "recovered", "unverifiable"][number % 6]
            }
            if let seconds = earlier.measuredRecoverySeconds {
                earlier.measuredRecoverySeconds = seconds * (1 + Double((number * 37) % 11 - 5) / 20)
            }
            if number < count / 3 { earlier.conditions = [Report.Fact("scope", "scope", "a sample")] }
            return earlier
        }
    }

    private static func points(before report: Report) -> [RecoveryPoint] {
        (0..<160).filter { ![40, 41, 90, 91, 92].contains($0) }.map { number in
            let data = shifted(report.started, by: Int64(number - 160) * day / 4)
            let late: Int64 = number % 9 == 0 ? 7200 : 1200
            return RecoveryPoint(
                "point\(number)", dataTime: data, committed: shifted(data, by: late), bytes: 1 << 30,
                sources: [
                    RecoveryPoint.Amount("www", bytes: 1 << 29, items: 51_204),
                    RecoveryPoint.Amount("db", bytes: 1 << 29),
                ])
        }
    }

    private static func shifted(_ instant: Instant, by seconds: Int64) -> Instant {
        let (sum, isTooFar) = instant.seconds.addingReportingOverflow(seconds)
        return Instant(seconds: isTooFar ? instant.seconds : sum, nanoseconds: instant.nanoseconds)
    }
}
