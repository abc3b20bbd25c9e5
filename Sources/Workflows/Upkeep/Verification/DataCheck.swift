import Platform
import Repositories
import Storage

/// Reads data on several threads: files of several chunks, to compare them with their SHA-256, and every byte of packs.
///
/// What a file's reading has opened is only hashed with its pack. A thread holds a stretch of a pack and a frame of it,
/// sealed, packed and plain, and as much of a file, with two frames kept: 32 MiB where frames have 4 MiB.
final class DataCheck: @unchecked Sendable {
    /// What threads found; called by several of them.
    struct Listener: @unchecked Sendable {
        /// A pack was read, and what is wrong with it.
        var pack: (PackInfo, Failure?) throws -> Void
        /// A file was compared, or could not be.
        var content: (ContentJob, ContentCheck.Answer) throws -> Void
    }

    private let repository: Repository
    private let index: ChunkIndex
    private let schedule: CheckSchedule
    private let verified: VerifiedFrames
    private let chunksByPack: [Int]
    private let cancellation: any Cancellation
    private let counters: WorkCounters
    private let listener: Listener

    /// More threads would take more memory than a check may.
    private static let threadsAtMost = 4

    /// Prepares to read `packs`, by their numbers in the index.
    init(
        _ repository: Repository, index: ChunkIndex, packs: [UInt32], cancellation: any Cancellation,
        counters: WorkCounters, listener: Listener
    ) {
        self.repository = repository
        self.index = index
        self.cancellation = cancellation
        self.counters = counters
        self.listener = listener
        schedule = CheckSchedule(packs, below: index.packCount) { index.pack($0).kind == .treePack }
        verified = VerifiedFrames(below: index.frameCount)
        chunksByPack = index.chunksByPack()
        let bytes = packs.reduce(0) { $0 + Int(index.pack($1).length) }
        counters.expect(items: packs.count, bytes: bytes)
    }

    /// Runs `walk` on the calling thread while others read; it hands over the files that are to be compared.
    func run(_ walk: (_ hand: @escaping (ContentJob) throws -> Void) throws -> Void) throws {
        try ThreadScope.run { [schedule] scope in
            scope.whenFailing { schedule.cut() }
            for _ in 0..<min(max(Host.processors, 2), Self.threadsAtMost) {
                scope.start("verifier") { try self.work() }
            }
            try walk { job in
                guard schedule.add(job) else { throw Failure(.failed, "the check was stopped by an earlier failure") }
            }
            schedule.walkIsOver()
        }
    }

    private func work() throws {
        let audit = PackAudit(repository)
        var contents: ContentCheck?
        while let job = schedule.next() {
            try cancellation.check()
            switch job {
            case .pack(let number): try read(number, audit)
            case .content(let job):
                let check =
                    contents
                    ?? ContentCheck(
                        repository, index: index, schedule: schedule, verified: verified, cancellation: cancellation)
                contents = check
                try listener.content(job, try check.compare(job))
            }
        }
    }

    private func read(_ number: UInt32, _ audit: PackAudit) throws {
        let info = index.pack(number)
        let first = index.frames(ofPack: number)
        do {
            let pack = try audit.verify(info.name) { ordinal in
                ordinal < first.count && verified.contains(first.lowerBound + ordinal)
            }
            counters.add(items: 1, bytes: Int(info.length))
            let problem = index.contradiction(to: pack, chunks: chunksByPack)
            try listener.pack(info, problem.map { Failure(.damaged, $0) })
        } catch let failure as Failure where failure.kind == .damaged { try listener.pack(info, failure) }
    }
}
