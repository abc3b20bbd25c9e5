import DataSources
import Platform
import Repositories
import Sealing

/// The queues between a walk, the readers, the sealers and the assembler of one backup run.
///
/// walk → batches → readers → frames → sealers → packs; and walk → groups → assembler → tree packs.
final class CapturePipeline: @unchecked Sendable {
    let repository: Repository
    let session: WriteSession
    let plan: BackupPlan
    let counters: WorkCounters
    let cancellation: any Cancellation
    let runStart: Instant

    let batches = BoundedQueue<EventGroup>(capacity: PipelineLimits.batchesWaiting)
    let groups = BoundedQueue<EventGroup>(capacity: PipelineLimits.groupsWaiting)
    let frames = BoundedQueue<FrameBuffer>(capacity: PipelineLimits.framesWaiting)
    let freeFrames: BoundedQueue<FrameBuffer>

    private let lock = Lock()
    private var unread = 0
    private var readersLeft: Int
    private var isCut = false
    private var live: [ObjectIdentifier: EventGroup] = [:]

    init(
        repository: Repository, session: WriteSession, plan: BackupPlan, workers: Int, counters: WorkCounters,
        cancellation: any Cancellation, runStart: Instant
    ) {
        self.repository = repository
        self.session = session
        self.plan = plan
        self.counters = counters
        self.cancellation = cancellation
        self.runStart = runStart
        readersLeft = workers
        let count = 2 * workers + PipelineLimits.framesWaiting
        freeFrames = BoundedQueue(capacity: count)
        for _ in 0..<count { freeFrames.push(FrameBuffer(capacity: PipelineLimits.frameCapacity)) }
    }

    /// Sends a group on its two ways. Throws when the run has failed meanwhile.
    func submit(_ group: EventGroup) throws {
        let refused = lock.locked { () -> Bool in
            if isCut { return true }
            if !group.jobs.isEmpty { unread += 1 }
            live[ObjectIdentifier(group)] = group
            return false
        }
        guard !refused, group.jobs.isEmpty || batches.push(group), groups.push(group) else { throw Self.stopped }
    }

    /// What the walk gets when another part has failed; the scope throws that part's failure instead of this.
    static let stopped = Failure(.failed, "the backup was stopped by an earlier failure")

    /// Throws when the run has failed, or somebody wants it to end.
    func check() throws {
        if lock.locked({ isCut }) { throw Self.stopped }
        try cancellation.check()
    }

    /// A reader has worked a group off.
    func readingDone(_ group: EventGroup) {
        lock.locked {
            unread -= 1
            lock.wakeAll()
        }
    }

    /// The assembler needs the group no more.
    func assembled(_ group: EventGroup) { lock.locked { live[ObjectIdentifier(group)] = nil } }

    /// Waits until all submitted groups have been read.
    func settle() throws {
        let failed: Bool = lock.locked {
            while unread > 0 && !isCut { lock.wait() }
            return isCut
        }
        if failed { throw Self.stopped }
    }

    /// A reader has ended; the last one closes the way to the sealers.
    func readerEnded() {
        let last: Bool = lock.locked {
            readersLeft -= 1
            return readersLeft == 0
        }
        if last { frames.close() }
    }

    /// Ends everything, because something failed.
    func cut() {
        let waiting: [EventGroup] = lock.locked {
            isCut = true
            lock.wakeAll()
            return Array(live.values)
        }
        for group in waiting { group.cut() }
        batches.cut()
        groups.cut()
        frames.cut()
        freeFrames.cut()
    }

    // MARK: The threads

    /// A sealer's life: frames into packs.
    func seal() throws {
        let sealer = PackSealer(
            .dataPack, repository: repository, session: session.id, compression: plan.compression,
            verifies: plan.verifiesFrames
        ) { [session] in try session.add($0) }
        while var frame = frames.pop() {
            try sealer.store(frame)
            frame.clear()
            freeFrames.push(frame)
        }
        try sealer.finish()
    }

    /// A reader's life: batches into frames.
    func read() throws {
        defer { readerEnded() }
        let capture = try ContentCapture(self)
        while let group = batches.pop() {
            group.complete(try capture.work(group))
            readingDone(group)
        }
    }
}
