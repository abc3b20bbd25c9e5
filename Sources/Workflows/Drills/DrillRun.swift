import DataSources
import Formats
import Platform
import Reports
import Repositories

/// A drill under way: a whole system is recovered from a repository into staging, proved, timed, and removed again.
///
/// Used once, by one thread. Whatever happens after a snapshot was chosen ends in a report, and staging is gone then;
/// what cannot be removed is in the report.
package final class DrillRun {
    private let options: DrillOptions
    private let clock: any Clock
    private let randomness: any Randomness
    private let cancellation: any Cancellation
    private var phases: PhaseClock
    private var recoveries: [(order: RecoveryOrder, recovery: any SourceRecovery)] = []
    private var checks: [Report.Check] = []
    private var contents: [RecoveredContent] = []

    /// Prepares a drill; nothing is touched yet.
    package init(
        options: DrillOptions, clock: any Clock = SystemClock(), randomness: any Randomness = SystemRandomness(),
        cancellation: any Cancellation
    ) {
        self.options = options
        self.clock = clock
        self.randomness = randomness
        self.cancellation = cancellation
        phases = PhaseClock(clock, startingIn: .access)
    }

    /// Sweeps what killed drills left, then recovers, proves and removes, and gives the report, which is stored in the
    /// repository as evidence as well.
    ///
    /// `open` opens the repository, from its location and a key; `choose` picks the snapshot. What they throw is thrown
    /// on: nothing was drilled then. So is a staging directory that a guard refuses.
    package func run(
        open: () throws -> Repository, choose: (Repository) throws -> SnapshotRecord
    ) throws -> Report {
        let swept = StagingSweep.run(in: [options.stagingDirectory, StagingArea.shortDirectory])
        let started = clock.now()
        phases = PhaseClock(clock, startingIn: .access)
        options.onPhase(.access)
        let repository = try open()
        enter(.locate)
        let record = try choose(repository)
        // What a person named is looked at before anything is begun.
        if options.stagingUser != nil { _ = try StagingUser.choose(named: options.stagingUser) }
        try StagingGuard.check(options.stagingDirectory, sourceRoots: Self.fileRoots(of: record))
        var story = DrillStory(record: record, repository: repository, options: options, started: started)
        story.identifier = Hexadecimal.string(randomness.bytes(8))
        story.swept = swept
        recover(repository, record, &story)
        story.ended = clock.now()
        var report = story.report(
            phases: phases, recoveries: recoveries.map(\.recovery), contents: contents, checks: checks)
        storeEvidence(&report, record, repository, story)
        return report
    }

    /// Everything that touches staging, and its removal.
    private func recover(_ repository: Repository, _ record: SnapshotRecord, _ story: inout DrillStory) {
        var area: StagingArea?
        do {
            area = try proveRecovery(repository, record, story.identifier) { area = $0 }
        } catch {
            story.failure = Failure(error)
        }
        story.isKept = options.keepsFailedStaging && (story.failure != nil || checks.contains { $0.result != .passed })
        enter(.teardown)
        for (_, recovery) in recoveries.reversed() { recovery.shutDown() }
        if let area {
            story.stagingPath = area.path
            story.removal = story.isKept ? StagingRemoval() : area.remove()
        }
        phases.stop()
    }

    private func proveRecovery(
        _ repository: Repository, _ record: SnapshotRecord, _ identifier: String, made: (StagingArea) -> Void
    ) throws -> StagingArea {
        let snapshot = try DrilledSnapshot(record, in: repository)
        enter(.provision)
        let area = try StagingArea.create(in: options.stagingDirectory, identifier: identifier, clock: clock)
        made(area)
        try area.makeDirectory("files", for: nil)
        let user = try StagingUser.choose(named: options.stagingUser)
        for (number, source) in snapshot.sources.enumerated() {
            let order = RecoveryOrder(
                source: source, snapshot: snapshot, number: number, area: area, user: user, options: options,
                clock: clock, cancellation: cancellation)
            let recovery = try RecoveryCatalog.recovery(of: order)
            recoveries.append((order, recovery))
            try step { try recovery.provision() }
        }
        enter(.load)
        for (_, recovery) in recoveries { try step { contents.append(try recovery.load()) } }
        enter(.engineRecovery)
        for (_, recovery) in recoveries { try step { try recovery.settle() } }
        enter(.start)
        for (_, recovery) in recoveries { try step { try recovery.start() } }
        try runCommand(in: area)
        try runChecks(snapshot)
        return area
    }

    private func runCommand(in area: StagingArea) throws {
        guard let line = options.beforeChecks else { return }
        enter(.command)
        let databases = recoveries.flatMap { $0.recovery.databases.map { (name: $0.name, url: $0.url) } }
        try BeforeChecksCommand(line: line, area: area, files: area.path(of: "files"), databases: databases)
            .run(cancellation)
    }

    private func runChecks(_ snapshot: DrilledSnapshot) throws {
        let subjects = try recoveries.map { order, recovery in
            (
                adapter: order.source.adapter,
                subject: CheckSubject(
                    source: order.source.name, tree: order.source.tree, root: order.source.root,
                    place: try recovery.place, rowHashKey: snapshot.repository.rowHashKey, threads: options.threads)
            )
        }
        let runner = CheckRunner(clock: clock, cancellation: cancellation)
        enter(.prove)
        checks += try runner.run(CheckCatalog.all, on: subjects, gating: true)
        guard CheckCatalog.all.contains(where: { !$0.isGating }) else { return }
        enter(.audit)
        checks += try runner.run(CheckCatalog.all, on: subjects, gating: false)
    }

    /// Keeps the report in the repository. That this failed is told in the report, and by exit 3 where all else is
    /// well.
    private func storeEvidence(
        _ report: inout Report, _ record: SnapshotRecord, _ repository: Repository, _ story: DrillStory
    ) {
        if let kind = story.failure?.kind, [.interrupted, .terminated].contains(kind) { return }
        do {
            let commit = EvidenceCommit(
                drilled: record, report: ReportCoding.value(of: report), started: story.started, tool: options.tool)
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

    private func step(_ body: () throws -> Void) throws {
        try cancellation.check()
        try body()
    }

    private func enter(_ phase: DrillPhase) {
        phases.enter(phase)
        options.onPhase(phase)
    }

    private static func fileRoots(of record: SnapshotRecord) -> [[UInt8]] {
        guard record.host == Host.name() else { return [] }
        return record.sources.filter { $0.adapter == "files" }.map { Array($0.location.utf8) }
    }
}
