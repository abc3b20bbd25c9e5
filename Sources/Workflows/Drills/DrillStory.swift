import DataSources
import Formats
import Platform
import Policies
import Reports
import Repositories
import Storage

/// What is known of a drill beside its clock, and how it is told as a report.
struct DrillStory {
    let record: SnapshotRecord
    let repository: Repository
    let options: DrillOptions
    let started: Instant
    /// By which rule the snapshot was chosen.
    var selection = ""
    /// The drill's own 16 digits: the name of its staging area, and of its report.
    var identifier = ""
    var ended = Instant(seconds: 0)
    /// What ended the drill before its last check.
    var failure: Failure?
    /// Whether the snapshot was too old to be drilled.
    var isStale = false
    var contents: [RecoveredContent] = []
    var checks: [Report.Check] = []
    var proofs: [Report.Proof] = []
    /// What of the checks could not be proved, in sentences.
    var unproved: [String] = []
    /// Whether one of the policy's own questions decides, too.
    var showsUse = false
    /// What the report says about the network of the policy's programs; empty when there are none.
    var network = ""
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

    /// Whether every check that decides has passed, and none is blind.
    var isGreen: Bool {
        checks.allSatisfy { !$0.gating || $0.result == .passed } && proofs.allSatisfy(\.blind.isEmpty)
    }

    /// The report.
    func report(phases: PhaseClock, recoveries: [any SourceRecovery]) -> Report {
        var report = Report(kind: "drill", system: record.system, identifier: identifier, started: started)
        report.ended = ended
        report.policy = options.policy.map { Report.PolicyMark(name: $0.name, digest: $0.digest) }
        report.snapshot = Report.SnapshotMark(
            record.identifier, dataTime: record.dataTime, committed: record.committedBy)
        report.selection = selection
        report.measuredRecoverySeconds = failure == nil && !isStale ? phases.countedSeconds : nil
        report.dataLossWindowSeconds = started.seconds(since: record.dataTime)
        report.objectives = objectives(measured: report.measuredRecoverySeconds, lost: report.dataLossWindowSeconds)
        judge(&report, recoveries)
        report.phases = phases.phases()
        let bytes = contents.reduce(UInt64(0)) { $0 + $1.bytes }
        for index in report.phases.indices where report.phases[index].name == DrillPhase.load.rawValue && bytes > 0 {
            report.phases[index].bytes = bytes
            report.phases[index].note = contents.map(\.note).filter { !$0.isEmpty }.joined(separator: ", ")
        }
        report.checks = checks
        report.proofs = proofs
        report.sources = sources(recoveries, provedEqual: report.verdict == DrillVerdict.recovered.rawValue)
        report.findings = remarks(contents.flatMap(\.findings))
        report.largest = contents.flatMap(\.largest).sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
        report.largest = Array(report.largest.prefix(10))
        report.conditions = conditions + recoveries.flatMap(\.conditions)
        report.notTested = notTested + recoveries.flatMap(\.notTested)
        report.leftovers = removal.problems + swept.leftovers
        report.teardown = teardown
        report.remedies = DrillRemedies(report: report, contents: contents, threads: options.threads).all
        return report
    }

    /// The checks that would show that everything is as the source said, and did not: failed, or not asked.
    private var uncompared: [String] {
        record.sources.flatMap { source in
            CheckCatalog.all.filter { $0.adapter == source.adapter && $0.isGating }.compactMap { check in
                let passed = checks.contains {
                    $0.identifier == check.identifier && $0.source == source.name && $0.result == .passed
                }
                return passed ? nil : "\(check.identifier) of \(source.name)"
            }
        }
    }

    /// What was promised, held against what was measured.
    private func objectives(measured: Double?, lost: Double?) -> Report.Objectives {
        var objectives = Report.Objectives()
        objectives.recoveryTimeSeconds = options.objectives.rtoSeconds
        objectives.recoveryPointSeconds = options.objectives.rpoSeconds
        if let promised = objectives.recoveryTimeSeconds, let measured {
            objectives.recoveryTimeMet = measured <= promised
        }
        // How old a point is that somebody chose says nothing about how much would be lost.
        // Data of the future says nothing either: a clock was wrong.
        if let promised = objectives.recoveryPointSeconds, let lost, options.wantsNewest, lost > -60 {
            objectives.recoveryPointMet = lost <= promised
        }
        return objectives
    }

    private func judge(_ report: inout Report, _ recoveries: [any SourceRecovery]) {
        var judgement = DrillJudgement(
            system: record.system, snapshot: "snapshot \(record.shortIdentifier)", dataTime: Self.text(record.dataTime),
            failure: failure)
        judgement.checks = checks
        judgement.proofs = proofs
        judgement.objectives = report.objectives
        judgement.isStale = isStale
        judgement.ageSeconds = report.dataLossWindowSeconds ?? 0
        judgement.showsUse = showsUse
        judgement.uncompared = uncompared
        let reached = failure == nil && !isStale ? recoveries.map(\.level).min() : nil
        judgement.levelReached = reached ?? .present
        judgement.isIncomplete =
            record.sources.contains { !$0.missing.isEmpty }
            || contents.contains { $0.findings.contains { $0.weight == .missing } }
        judgement.hasLeftovers = !(removal.problems + swept.leftovers).isEmpty
        report.verdict = judgement.verdict.rawValue
        report.summary = judgement.summary
        report.reasons = judgement.reasons.map(\.rawValue)
        report.exitCode = judgement.reasons.first?.exitCode ?? 0
        report.evidenceLevel = judgement.level.text
    }

    /// What came back, source by source.
    private func sources(_ recoveries: [any SourceRecovery], provedEqual: Bool) -> [Report.SourceMark] {
        zip(record.sources, zip(contents, recoveries)).map { source, loaded in
            let (content, recovery) = loaded
            let failed = checks.contains { $0.source == source.name && $0.gating && $0.result != .passed }
            let isEqual = provedEqual && !uncompared.contains { $0.hasSuffix(" of \(source.name)") }
            let level = failure == nil && !failed && isEqual ? EvidenceLevel.equal : recovery.level
            return Report.SourceMark(
                source.name, adapter: source.adapter, bytes: content.bytes, items: content.items,
                evidenceLevel: failure == nil ? level.text : EvidenceLevel.present.text)
        }
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
            let end = options.keepSeconds.map { "for \(Quantity.duration(seconds: $0)); a drill after that removes it" }
            remarks.append(
                Report.Remark(
                    printable(stagingPath),
                    "kept to be looked into\(end.map { " \($0)" } ?? "; the next drill removes it")"
                ))
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
        if !network.isEmpty { facts.append(Report.Fact("network", "network", network)) }
        if let line = options.beforeChecks { facts.append(Report.Fact("beforeChecks", "before the checks", line)) }
        return facts
    }

    private var teardown: String {
        if isStale { return "no staging was made" }
        if isKept { return "staging was kept, as asked" }
        guard removal.problems.isEmpty else { return "something is left in staging" }
        return "staging was removed; nothing is left"
    }

    private var notTested: [String] {
        var sentences = [
            "the way to a repository's location and a key: noticing, deciding, finding people and another machine",
            "other snapshots than this one, and stored objects that this one does not need",
        ]
        if options.objectives.rtoSeconds == nil, options.objectives.rpoSeconds == nil {
            sentences.insert("objectives: none were given, so no time was held against a promise", at: 0)
        }
        if !showsUse {
            sentences.append("an application on what came back, its configuration, and moving users over to it")
        } else {
            sentences.append("moving users over to what came back: names, addresses, certificates")
        }
        if !options.provesChecks || (proofs.isEmpty && unproved.isEmpty) {
            sentences.append("whether the checks would see a damage: they were not proved")
        }
        sentences += unproved
        return sentences
    }

    private static func text(_ instant: Instant) -> String { Timestamp.string(seconds: instant.seconds) }
}
