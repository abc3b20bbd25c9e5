import Platform
import Repositories

/// What the threads of a check of data do next: contents as the walk finds them, and packs behind them. Any thread may
/// call.
///
/// A pack is given when a content was read through it, so that the second reading of it comes out of memory; packs that
/// no content leads to come last. Each pack is given once.
final class CheckSchedule: @unchecked Sendable {
    enum Job {
        case content(ContentJob)
        case pack(UInt32)
    }

    private let lock = Lock()
    private var contents: [ContentJob] = []
    private var isWalkOver = false
    private var isCut = false
    /// By the packs' numbers: whether one is still to be given.
    private var waiting: NumberSet
    private var left: [UInt32]
    /// Those that contents were read through, and which these are.
    private var warm: [UInt32] = []
    private var isWarm: NumberSet
    /// Those that no content lies in.
    private var apart: [UInt32]

    /// Contents wait up to here for a thread.
    private static let contentsAtMost = 64

    /// Plans to give all of `packs`, numbers below `limit`; no content lies in those that `isApart` is true for.
    init(_ packs: [UInt32], below limit: Int, isApart: (UInt32) -> Bool) {
        waiting = NumberSet(below: limit)
        isWarm = waiting
        for pack in packs { waiting.insert(Int(pack)) }
        left = packs.reversed()
        apart = left.filter(isApart)
    }

    /// Hands a content over, after waiting for room. False when the check has failed meanwhile.
    func add(_ job: ContentJob) -> Bool {
        lock.locked {
            while contents.count >= Self.contentsAtMost && !isCut { lock.wait() }
            contents.append(job)
            lock.wakeAll()
            return !isCut
        }
    }

    /// Says that there are no more contents.
    func walkIsOver() {
        lock.locked {
            isWalkOver = true
            lock.wakeAll()
        }
    }

    /// A content has been read through a pack, and goes on elsewhere.
    func warmed(_ pack: UInt32) {
        lock.locked {
            guard waiting.contains(Int(pack)), isWarm.insert(Int(pack)) else { return }
            warm.append(pack)
            lock.wakeAll()
        }
    }

    /// Ends everything, because something failed.
    func cut() {
        lock.locked {
            isCut = true
            lock.wakeAll()
        }
    }

    /// The next job, after waiting for one; nil when all is given.
    func next() -> Job? {
        lock.locked {
            while !isCut {
                if let pack = take(&warm) { return .pack(pack) }
                if !contents.isEmpty {
                    lock.wakeAll()
                    return .content(contents.removeFirst())
                }
                if let pack = take(&apart) { return .pack(pack) }
                if isWalkOver { return take(&left).map { .pack($0) } }
                lock.wait()
            }
            return nil
        }
    }

    private func take(_ packs: inout [UInt32]) -> UInt32? {
        while let pack = packs.popLast() {
            if waiting.remove(Int(pack)) { return pack }
        }
        return nil
    }
}
