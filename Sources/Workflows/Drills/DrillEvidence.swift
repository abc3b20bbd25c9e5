import Formats
import Platform
import Reports
import Repositories

/// Keeps the report of a drill in the repository: after teardown, so that it holds what became of staging; chained to
/// the report before it; signed, where this password may.
struct DrillEvidence {
    let repository: Repository
    let options: DrillOptions

    /// Keeps it. That this failed is told in the report, and by exit 3 where all else is well. A drill that was stopped
    /// by a person is none that could be evidence.
    func keep(_ report: inout Report, _ story: DrillStory, clock: any Clock) {
        if let kind = story.failure?.kind, [.interrupted, .terminated].contains(kind) { return }
        do {
            report.previous = try previous(of: story.record.system)
            let commit = EvidenceCommit(
                drilled: story.record, report: ReportCoding.value(of: report), started: story.started,
                tool: options.tool)
            _ = try commit.commit(to: repository, clock: clock)
        } catch {
            report.findings.append(
                Report.Remark(
                    "evidence", "the report could not be kept in the repository: \(Failure(error).description)"))
            let kinds = FailureKind.precedence.filter { report.reasons.contains($0.rawValue) || $0 == .incomplete }
            report.reasons = kinds.map(\.rawValue)
            report.exitCode = kinds.first?.exitCode ?? 0
        }
    }

    /// The digest of the newest report of the system that can be read.
    private func previous(of system: String) throws -> String? {
        let records = try repository.records { _, failure in
            guard failure.kind == .damaged else { throw failure }
        }
        guard records.contains(where: { $0.kind == .evidence && $0.system == system }) else { return nil }
        return EvidenceLog(records, in: repository, index: try repository.loadIndex()).newest(of: system)?.digest
    }
}
