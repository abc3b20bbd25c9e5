import DataSources
import Formats
import Platform
import Policies
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
    /// Stops what takes longer than it may, too.
    private let cancellation: DeadlineCancellation
    private var phases: PhaseClock
    private var recoveries: [(order: RecoveryOrder, recovery: any SourceRecovery)] = []
    private var system: StagedSystem?
    private var phaseLimit: Int?

    /// Prepares a drill; nothing is touched yet.
    package init(
        options: DrillOptions, clock: any Clock = SystemClock(), randomness: any Randomness = SystemRandomness(),
        cancellation: any Cancellation
    ) {
        self.options = options
        self.clock = clock
        self.randomness = randomness
        self.cancellation = DeadlineCancellation(cancellation, clock: clock)
        phases = PhaseClock(clock, startingIn: .access)
    }

    /// Sweeps what killed drills left, then recovers, proves and removes, and gives the report, which is stored in the
    /// repository as evidence as well.
    ///
    /// `open` opens the repository, from its location and a key; `choose` picks the snapshot, and says by which rule.
    /// What they throw is thrown on: nothing was drilled then. So is a staging directory that a guard refuses.
    package func run(
        open: () throws -> Repository, choose: (Repository) throws -> (record: SnapshotRecord, words: String)
    ) throws -> Report {
        let swept = StagingSweep.run(in: [options.stagingDirectory, StagingArea.shortDirectory], clock: clock)
        let started = clock.now()
        phases = PhaseClock(clock, startingIn: .access)
        if let seconds = options.timeoutSeconds { cancellation.allow(seconds, for: "the drill") }
        limit(.access)
        options.onPhase(.access)
        let repository = try open()
        enter(.locate)
        let (record, words) = try choose(repository)
        // What a person named is looked at before anything is begun.
        if options.stagingUser != nil { _ = try StagingUser.choose(named: options.stagingUser) }
        try StagingGuard.check(options.stagingDirectory, sourceRoots: Self.fileRoots(of: record))
        var story = DrillStory(record: record, repository: repository, options: options, started: started)
        story.selection = words
        story.identifier = Hexadecimal.string(randomness.bytes(8))
        story.swept = swept
        if isStale(record, started) {
            story.isStale = true
            phases.stop()
        } else {
            recover(repository, record, &story)
        }
        // What this drill could do without, the worst day may need: the other way in.
        repository.noteDamagedAccess()
        story.ended = clock.now()
        var report = story.report(phases: phases, recoveries: recoveries.map(\.recovery))
        DrillEvidence(repository: repository, options: options).keep(&report, story, clock: clock)
        return report
    }

    /// Whether the newest snapshot is older than was promised: nothing is fetched then, since the answer is known.
    private func isStale(_ record: SnapshotRecord, _ started: Instant) -> Bool {
        guard options.wantsNewest, let promised = options.objectives.rpoSeconds else { return false }
        return started.seconds(since: record.dataTime) > promised
    }

    /// Everything that touches staging, and its removal.
    private func recover(_ repository: Repository, _ record: SnapshotRecord, _ story: inout DrillStory) {
        var area: StagingArea?
        do {
            try proveRecovery(repository, record, &story) { area = $0 }
        } catch {
            story.failure = Failure(error)
        }
        story.isKept = options.keepsFailedStaging && (story.failure != nil || !story.isGreen)
        enter(.teardown)
        system?.stopPrograms()
        for (_, recovery) in recoveries.reversed() { recovery.shutDown() }
        if let area {
            story.stagingPath = area.path
            if story.isKept {
                story.removal = area.keep(for: options.keepSeconds, clock: clock)
                // Whole copies of a product: the newest one is enough.
                let older = StagingSweep.run(in: [options.stagingDirectory], clock: clock, withKept: true)
                story.swept.removed += older.removed
                story.swept.leftovers += older.leftovers
            } else {
                story.removal = area.remove()
            }
        }
        phases.stop()
    }

    private func proveRecovery(
        _ repository: Repository, _ record: SnapshotRecord, _ story: inout DrillStory, made: (StagingArea) -> Void
    ) throws {
        let snapshot = try DrilledSnapshot(record, in: repository)
        enter(.provision)
        let area = try StagingArea.create(in: options.stagingDirectory, identifier: story.identifier, clock: clock)
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
        for (_, recovery) in recoveries { try step { story.contents.append(try recovery.load()) } }
        enter(.engineRecovery)
        for (_, recovery) in recoveries { try step { try recovery.settle() } }
        enter(.start)
        for (_, recovery) in recoveries { try step { try recovery.start() } }
        try prepareSystem(in: area, &story)
        try runCommand(in: area)
        try ask(snapshot, area, &story)
    }

    /// Makes what the policy's programs and questions find.
    private func prepareSystem(in area: StagingArea, _ story: inout DrillStory) throws {
        guard let policy = options.policy else { return }
        let sources = try recoveries.map { order, recovery in
            StagedSystem.Source(
                name: order.source.name, location: order.source.record.location,
                dataTime: order.source.record.dataTime, place: try recovery.place, databases: recovery.databases)
        }
        let network = try StagedNetwork(programs: policy.drill.start.map(\.name))
        let readers = try StagedSystem.makeReaders(sources, for: policy.drill.checks, drill: area.identifier)
        system = StagedSystem(area: area, sources: sources, network: network, policy: policy, readers: readers)
        if !policy.drill.start.isEmpty || !policy.drill.checks.isEmpty { story.network = network.words }
        story.checks.append(PolicySourcesCheck.run(policy, sources))
    }

    private func runCommand(in area: StagingArea) throws {
        guard let line = options.beforeChecks else { return }
        enter(.command)
        let environment = StagedEnvironment(
            area: area, files: area.path(of: "files"), databases: recoveries.flatMap { $0.recovery.databases })
        let network = try system?.network ?? StagedNetwork(programs: [])
        try BeforeChecksCommand(line: line, area: area, environment: environment, entrance: network.entrance)
            .run(cancellation)
    }

    /// What came back is compared with its sources before a program of the policy can change it.
    private func ask(_ snapshot: DrilledSnapshot, _ area: StagingArea, _ story: inout DrillStory) throws {
        let subjects = try recoveries.map { order, recovery in
            (
                adapter: order.source.adapter,
                subject: CheckSubject(
                    source: order.source.name, tree: order.source.tree, root: order.source.root,
                    place: try recovery.place, rowHashKey: snapshot.repository.rowHashKey, threads: options.threads)
            )
        }
        let questions = DrillQuestions(subjects: subjects, policy: options.policy, system: system)
        let runner = CheckRunner(clock: clock, cancellation: cancellation)
        enter(.prove)
        story.checks += try runner.run(questions.ofSources, gating: true)
        try startPrograms(&story)
        story.checks += try runner.run(questions.ofPolicy, gating: true)
        story.showsUse = questions.showsUse
        let audits = questions.ofSources + questions.ofPolicy
        if audits.contains(where: { !$0.isGating }) {
            enter(.audit)
            story.checks += try runner.run(audits, gating: false)
        }
        noteEndedPrograms(&story)
        guard options.provesChecks else { return }
        guard story.isGreen else {
            story.unproved = ["whether the checks would see a damage: not all of them had passed"]
            return
        }
        enter(.proofOfChecks)
        let proof = try questions.prove(story.checks, area: area, clock: clock, cancellation: cancellation)
        story.proofs = proof.proofs
        story.unproved = proof.missing
    }

    /// Starts the policy's programs on what came back. Whether one is ready is a check like any other.
    private func startPrograms(_ story: inout DrillStory) throws {
        guard let system, let policy = options.policy, !policy.drill.start.isEmpty else { return }
        enter(.start)
        for program in policy.drill.start {
            let staged = StagedProgram(program, in: system, clock: clock)
            system.add(staged)
            try step { story.checks.append(try staged.start(cancellation: cancellation)) }
        }
        enter(.prove)
    }

    /// A program that ended while it was asked is no running product.
    private func noteEndedPrograms(_ story: inout DrillStory) {
        for (name, words) in system?.endedPrograms ?? [] {
            for index in story.checks.indices where story.checks[index].identifier == "start.\(name)" {
                guard story.checks[index].result == .passed else { continue }
                story.checks[index].result = .failed
                story.checks[index].actual = "it ended (\(words)) before the last check"
                story.checks[index].differing = [story.checks[index].actual]
            }
        }
    }

    private func step(_ body: () throws -> Void) throws {
        try cancellation.check()
        try body()
    }

    private func enter(_ phase: DrillPhase) {
        phases.enter(phase)
        limit(phase)
        options.onPhase(phase)
    }

    /// Lets a phase take as long as the policy says.
    private func limit(_ phase: DrillPhase) {
        if let phaseLimit { cancellation.lift(phaseLimit) }
        phaseLimit = options.timeout(of: phase).map { cancellation.allow($0, for: "the phase \(phase.rawValue)") }
    }

    private static func fileRoots(of record: SnapshotRecord) -> [[UInt8]] {
        guard record.host == Host.name() else { return [] }
        return record.sources.filter { $0.adapter == "files" }.map { Array($0.location.utf8) }
    }
}
