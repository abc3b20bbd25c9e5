import DataSources
import Formats
import Platform
import Reports
import Repositories
import Storage

/// What is known of a drill beside its clock and its checks, and how it is told as a report.
struct DrillStory {
    let record: SnapshotRecord
    let repository: Repository
    let options: DrillOptions
    let started: Instant
    /// The drill's own 16 digits: the name of its staging area, and of its report.
    var identifier = ""
    var ended = Instant(seconds: 0)
    /// What ended the drill before its last check.
    var failure: Failure?
    var swept = StagingSweep.Outcome()
    var removal = StagingRemoval()
    var stagingPath: [UInt8]?
    /// Whether staging was left in place because the user wants to look into it.
    var isKept = false

    init(record: SnapshotRecord, repository: Repository, options: DrillOptions, started: Instant) {
        self.record = record
        self.repository = repository
        self.options = options
        self.started = started
    }

    /// The report.
    func report(
        phases: PhaseClock, recoveries: [any SourceRecovery], contents: [RecoveredContent], checks: [Report.Check]
    ) -> Report {
        let findings = contents.flatMap(\.findings)
        var judgement = DrillJudgement(
            system: record.system, snapshot: "snapshot \(record.shortIdentifier)", dataTime: Self.text(record.dataTime),
            failure: failure)
        judgement.checks = checks
        judgement.levelReached = failure == nil ? recoveries.map(\.level).min() ?? .present : .present
        judgement.isIncomplete =
            record.sources.contains { !$0.missing.isEmpty } || findings.contains { $0.weight == .missing }
        judgement.hasLeftovers = !(removal.problems + swept.leftovers).isEmpty
        var report = Report(kind: "drill", system: record.system, identifier: identifier, started: started)
        report.ended = ended
        report.verdict = judgement.verdict.rawValue
        report.summary = judgement.summary
        report.reasons = judgement.reasons.map(\.rawValue)
        report.exitCode = judgement.reasons.first?.exitCode ?? 0
        report.evidenceLevel = judgement.level.text
        report.measuredRecoverySeconds = failure == nil ? phases.countedSeconds : nil
        report.dataLossWindowSeconds = started.seconds(since: record.dataTime)
        report.phases = phases.phases()
        let bytes = contents.reduce(UInt64(0)) { $0 + $1.bytes }
        for index in report.phases.indices where report.phases[index].name == DrillPhase.load.rawValue && bytes > 0 {
            report.phases[index].bytes = bytes
            report.phases[index].note = contents.map(\.note).filter { !$0.isEmpty }.joined(separator: ", ")
        }
        report.checks = checks
        report.findings = remarks(findings)
        report.largest = contents.flatMap(\.largest).sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
        report.largest = Array(report.largest.prefix(10))
        report.conditions = conditions + recoveries.flatMap(\.conditions)
        report.notTested = notTested + recoveries.flatMap(\.notTested)
        report.leftovers = removal.problems + swept.leftovers
        return report
    }

    private func remarks(_ findings: [Finding]) -> [Report.Remark] {
        var remarks = swept.removed
        if let hint = failure?.hint { remarks.append(Report.Remark("what to do", hint)) }
        for source in record.sources {
            remarks += source.missing.map { Report.Remark(source.name, "missing from the snapshot: \($0)") }
        }
        remarks += findings.map { Report.Remark($0.object, $0.sentence) }
        remarks += repository.notices.all.map { Report.Remark($0.object, $0.sentence) }
        if isKept, let stagingPath {
            remarks.append(
                Report.Remark(printable(stagingPath), "kept to be looked into; the next drill removes it"))
        }
        return remarks
    }

    private var conditions: [Report.Fact] {
        var facts = [
            Report.Fact("tool", "tool", options.tool),
            Report.Fact("host", "machine", "\(Host.name()), \(Quantity.count(Host.processors, "processor"))"),
            Report.Fact("repository", "repository", repository.store.location),
            Report.Fact("identity", "opened with", options.identity),
            Report.Fact("snapshot", "snapshot", "\(record.identifier) of \(record.host)"),
            Report.Fact("dataTime", "the data shows", Self.text(record.dataTime)),
            Report.Fact("scope", "scope", "full: \(record.sources.map(\.name).joined(separator: ", "))"),
            Report.Fact(
                "cache", "cache", "cold: nothing that salvor had kept was used; the kernel's cache was not emptied"),
            Report.Fact("threads", "threads", String(options.threads)),
        ]
        if let stagingPath { facts.append(Report.Fact("staging", "staging", printable(stagingPath))) }
        if let line = options.beforeChecks { facts.append(Report.Fact("beforeChecks", "before the checks", line)) }
        return facts
    }

    private var notTested: [String] {
        [
            "objectives: none were given, so no time was held against a promise",
            "the way to a repository's location and a key: noticing, deciding, finding people and another machine",
            "an application on what came back, its configuration, and moving users over to it",
            "other snapshots than this one, and stored objects that this one does not need",
        ]
    }

    private static func text(_ instant: Instant) -> String { Timestamp.string(seconds: instant.seconds) }
}
