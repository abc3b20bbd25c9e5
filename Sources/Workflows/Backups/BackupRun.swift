import DataSources
import Formats
import Platform
import Repositories

/// Takes a snapshot: every source of the plan, committed together, or nothing.
package struct BackupRun {
    private let repository: Repository
    private let plan: BackupPlan
    private let clock: any Clock
    private let cancellation: any Cancellation
    private let counters: WorkCounters

    /// Prepares a run.
    package init(
        _ repository: Repository, plan: BackupPlan, clock: any Clock = SystemClock(),
        cancellation: any Cancellation = NeverCancelled(), counters: WorkCounters = WorkCounters()
    ) {
        self.repository = repository
        self.plan = plan
        self.clock = clock
        self.cancellation = cancellation
        self.counters = counters
    }

    /// Backs up. What could not be read is in the outcome's findings; a failure leaves no snapshot, and what was stored
    /// is used by the next run. With a `probe` of the plan's sources they are not asked again.
    package func run(after probe: SourceProbe? = nil) throws -> BackupOutcome {
        let begun = clock.monotonicSeconds()
        try demandProperNames()
        if let failure = probe?.failure { throw failure }
        if probe == nil { for source in plan.sources { try source.adapter.probe() } }
        let session = try WriteSession(repository, purpose: "backup", clock: clock)
        do {
            var outcome = try capture(session)
            outcome.seconds = clock.monotonicSeconds() - begun
            return outcome
        } catch {
            // The first failure is what a person must read, not one of cleaning up after it.
            try? session.giveUp()
            throw error
        }
    }

    /// Sources are entries of one directory: their names must be different, and such as a file can have.
    private func demandProperNames() throws {
        guard !plan.sources.isEmpty else { throw Failure(.usage, "a backup needs at least one source") }
        var seen: Set<String> = []
        for source in plan.sources {
            guard !source.name.isEmpty, source.name != ".", source.name != "..", !source.name.utf8.contains(0),
                !source.name.utf8.contains(UInt8(ascii: "/")), source.name.utf8.count <= 255
            else {
                throw Failure(
                    .usage, "“\(printable(Array(source.name.utf8)))” is no name for a source",
                    hint: "write NAME=LOCATION")
            }
            guard seen.insert(source.name).inserted else {
                throw Failure(
                    .usage, "two sources have the name “\(source.name)”", hint: "write NAME=LOCATION for one of them")
            }
        }
    }

    private func capture(_ session: WriteSession) throws -> BackupOutcome {
        let started = clock.now()
        let workers = PipelineLimits.workers(processors: Host.processors)
        let pipeline = CapturePipeline(
            repository: repository, session: session, plan: plan, workers: workers, counters: counters,
            cancellation: cancellation, runStart: started)
        let assembler = try TreeAssembler(pipeline)
        let captures = try ThreadScope.run { scope in
            scope.whenFailing { pipeline.cut() }
            for _ in 0..<workers {
                scope.start("reader") { try pipeline.read() }
                scope.start("sealer") { try pipeline.seal() }
            }
            scope.start("assembler") { try assembler.run() }
            let captures = try plan.sources.map { try walk($0, pipeline, workers) }
            pipeline.batches.close()
            pipeline.groups.close()
            return captures
        }
        let record = try commit(session, assembler, captures, started)
        let stored = session.stored
        return BackupOutcome(
            record: record, sources: captures.map { $0.result },
            findings: UnusedPatterns.findings(captures.compactMap { $0.outcome.selection }),
            parents: Dictionary(
                uniqueKeysWithValues: captures.compactMap { capture in capture.parent.map { (capture.source.name, $0) }
                }),
            storedBytes: stored.bytes, storedPacks: stored.packs, seconds: 0)
    }

    /// What the walk of one source left behind; its numbers are complete when all readers have ended.
    private struct SourceCapture {
        var source: BackupPlan.Source
        var sink: SourceSink
        var outcome: CaptureOutcome
        var parent: SnapshotRecord?
        var seconds: Double

        var result: BackupOutcome.Source {
            BackupOutcome.Source(
                name: source.name, adapter: source.adapterName, location: source.adapter.location,
                counts: sink.ledger.current, selection: outcome.selection, findings: sink.findings, seconds: seconds)
        }
    }

    private func walk(_ source: BackupPlan.Source, _ pipeline: CapturePipeline, _ workers: Int) throws -> SourceCapture
    {
        let begun = clock.monotonicSeconds()
        let record = parent(of: source, among: pipeline.session.records)
        let tree = try ParentTree(record, source: source.name, repository: repository, index: pipeline.session.index)
        let sink = SourceSink(pipeline, name: source.name, parent: tree)
        let context = CaptureContext(rowHashKey: repository.rowHashKey, readers: workers, clock: clock)
        let outcome = try source.adapter.capture(into: sink, context: context)
        try sink.finish()
        return SourceCapture(
            source: source, sink: sink, outcome: outcome, parent: record, seconds: clock.monotonicSeconds() - begun)
    }

    /// The newest snapshot of the same system, name and location.
    private func parent(of source: BackupPlan.Source, among records: [SnapshotRecord]) -> SnapshotRecord? {
        records.filter { record in
            record.kind == .snapshot && record.system == plan.system
                && record.sources.contains { $0.name == source.name && $0.location == source.adapter.location }
        }.max { $0.dataTime < $1.dataTime }
    }

    private func commit(
        _ session: WriteSession, _ assembler: TreeAssembler, _ captures: [SourceCapture], _ started: Instant
    ) throws -> SnapshotRecord {
        var record = SnapshotRecord(.snapshot, session: session.id)
        record.system = plan.system
        record.host = plan.host
        record.user = plan.user
        record.tags = plan.tags
        record.tool = plan.tool
        record.started = started
        record.dataTime = captures.map { $0.outcome.dataTime }.min() ?? started
        record.heads = session.heads
        // Paths may be long and sources many, and a record is small: what does not fit is in the outcome only.
        var room = PipelineLimits.recordedBytes
        for capture in captures {
            let result = capture.result
            let all = result.findings.filter { $0.weight == .missing }.map { "\($0.object): \($0.sentence)" }
            let missing = all.prefix(PipelineLimits.recordedFindings).prefix { sentence in
                // Escaped in JSON, a byte may take six.
                room -= 6 * sentence.utf8.count
                return room > 0
            }
            record.sources.append(
                SnapshotRecord.Source(
                    name: result.name, adapter: result.adapter, location: result.location,
                    dataTime: capture.outcome.dataTime,
                    manifest: try assembler.storeBytes(JSONWriter.bytes(capture.outcome.manifest)),
                    statistics: result.counts.json, missing: Array(missing)))
        }
        record.root = try assembler.finishRoot()
        try assembler.finishPacks()
        try cancellation.check()
        record.committedBy = clock.now()
        try session.commit(record)
        return record
    }
}
