import Platform

/// What a format gets to write one drill down: its report, and what stands around it.
package struct ReportBook: Sendable, Equatable {
    /// The report to show.
    package var report: Report
    /// The drills of the same system, oldest first, the shown one among them; empty where nobody looked.
    package var history: [Report]
    /// What the system can be brought back to, oldest data first; empty where nobody looked.
    package var points: [RecoveryPoint]
    /// How far the report can be trusted; nil where it was not read from a repository.
    package var evidence: EvidenceStanding?
    /// The instant of the writing.
    package var now: Instant

    /// A report with nothing around it; it is written down at its end when no instant is given.
    package init(
        _ report: Report, history: [Report] = [], points: [RecoveryPoint] = [], evidence: EvidenceStanding? = nil,
        now: Instant? = nil
    ) {
        self.report = report
        self.history = history
        self.points = points
        self.evidence = evidence
        self.now = now ?? report.ended
    }
}
