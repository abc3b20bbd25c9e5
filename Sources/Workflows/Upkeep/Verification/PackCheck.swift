import Platform
import Repositories
import Storage

/// Reads whole packs, on several threads, and compares them with what the index says of them.
final class PackCheck: Sendable {
    private let repository: Repository
    private let index: ChunkIndex
    private let cancellation: any Cancellation
    private let counters: WorkCounters
    /// How many chunks the index has in each pack, by the packs' numbers.
    private let indexedChunks: [Int]

    init(_ repository: Repository, index: ChunkIndex, cancellation: any Cancellation, counters: WorkCounters) {
        self.repository = repository
        self.index = index
        self.cancellation = cancellation
        self.counters = counters
        indexedChunks = index.chunksByPack()
    }

    /// Tells `outcome` each pack with what is wrong with it, or nil. Several threads call it.
    func check(
        _ stored: [[UInt8]: UInt64], except bad: Set<[UInt8]>, _ outcome: @escaping ([UInt8], Failure?) throws -> Void
    ) throws {
        let wanted = stored.keys.filter { !bad.contains($0) }.sorted { $0.lexicographicallyPrecedes($1) }
        // A store may claim any length; none that counts is above the limit.
        let total = wanted.reduce(0) { $0 + Int(min(stored[$1] ?? 0, Limits.packBytes)) }
        counters.expect(items: wanted.count, bytes: total)
        let queue = BoundedQueue<[UInt8]>(capacity: 64)
        let sink = Outcome(tell: outcome)
        try ThreadScope.run { scope in
            scope.whenFailing { queue.cut() }
            for _ in 0..<min(max(Host.processors, 2), 8) {
                scope.start("verifier") { try self.verify(queue, sink) }
            }
            for id in wanted {
                guard queue.push(id) else { break }
            }
            queue.close()
        }
    }

    private struct Outcome: @unchecked Sendable {
        var tell: ([UInt8], Failure?) throws -> Void
    }

    private func verify(_ queue: BoundedQueue<[UInt8]>, _ outcome: Outcome) throws {
        let audit = PackAudit(repository)
        while let id = queue.pop() {
            try cancellation.check()
            do {
                let pack = try audit.verify(ObjectName(pack: id))
                counters.add(items: 1, bytes: Int(pack.info.length))
                let problem = index.contradiction(to: pack, chunks: indexedChunks)
                try outcome.tell(id, problem.map { Failure(.damaged, $0) })
            } catch let failure as Failure where failure.kind == .damaged { try outcome.tell(id, failure) }
        }
    }
}
