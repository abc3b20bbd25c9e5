import Formats
import Platform

/// What a format gets to write one drill down: its report, and what stands around it.
package struct ReportBook: Sendable, Equatable {
    /// The report to show.
    package var report: Report
    /// The drills of the same system, oldest first, the shown one among them; empty where nobody looked. Reports with a
    /// wrong signature prove nothing, and are not among them.
    package var history: [Report]
    /// What the system can be brought back to, oldest data first; empty where nobody looked.
    package var points: [RecoveryPoint]
    /// How far the report can be trusted; nil where it was not read from a repository.
    package var evidence: EvidenceStanding?
    /// How many other reports of the same system have a wrong signature.
    package var forged: Int
    /// The instant of the writing.
    package var now: Instant

    /// A report with nothing around it; it is written down at its end when no instant is given.
    package init(
        _ report: Report, history: [Report] = [], points: [RecoveryPoint] = [], evidence: EvidenceStanding? = nil,
        forged: Int = 0, now: Instant? = nil
    ) {
        self.report = report
        self.history = history
        self.points = points
        self.evidence = evidence
        self.forged = forged
        self.now = now ?? report.ended
    }

    /// What speaks against this report, and against others of its system, in sentences.
    var alarms: [String] { (evidence?.alarms ?? []) + [forgery].compactMap { $0 } }

    /// What to say of other reports with a wrong signature; nil when there are none.
    var forgery: String? {
        guard forged > 0 else { return nil }
        return "the signature of \(Quantity.count(forged, "other report")) of this system is wrong, and "
            + (forged == 1 ? "it is not counted" : "they are not counted")
    }
}
