import Platform
import Repositories
import Storage

/// Reads whole packs, on several threads, and compares them with what the index says of them.
final class PackCheck: Sendable {
    private let repository: Repository
    private let index: ChunkIndex
    private let cancellation: any Cancellation
    private let counters: WorkCounters
    /// How many chunks the index has in each pack; a pack may be in several index objects, and has a number for each.
    private let indexedChunks: [[UInt8]: Int]

    init(_ repository: Repository, index: ChunkIndex, cancellation: any Cancellation, counters: WorkCounters) {
        self.repository = repository
        self.index = index
        self.cancellation = cancellation
        self.counters = counters
        var indexed: [[UInt8]: Int] = [:]
        for (pack, count) in zip(index.allPacks, index.chunksByPack()) { indexed[pack.id, default: 0] += count }
        indexedChunks = indexed
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
                try compare(pack)
                try outcome.tell(id, nil)
            } catch let failure as Failure where failure.kind == .damaged { try outcome.tell(id, failure) }
        }
    }

    /// Throws `.damaged` when the index has a chunk in this pack that is not there.
    private func compare(_ pack: FinishedPack) throws {
        var found = 0
        var start = UInt64(PackInfo.headerLength)
        for (ordinal, frame) in pack.frames.enumerated() {
            var offset = 0
            for chunk in frame.chunks {
                if let place = index.place(of: chunk.id) {
                    let indexed = index.frame(place.frame)
                    if index.pack(indexed.pack).id == pack.info.id, Int(indexed.ordinal) == ordinal,
                        Int(place.offset) == offset
                    {
                        guard indexed.offset == start, indexed.sealedLength == frame.sealedLength,
                            indexed.codec == frame.codec,
                            indexed.plainLength == frame.plainLength, Int(place.length) == chunk.length
                        else { throw Failure(.damaged, "the index describes a frame of it wrongly") }
                        found += 1
                    }
                }
                offset += chunk.length
            }
            start += UInt64(frame.sealedLength)
        }
        guard found == indexedChunks[pack.info.id] ?? 0 else {
            throw Failure(.damaged, "the index names chunks in it that are not there, or elsewhere in it")
        }
    }
}
