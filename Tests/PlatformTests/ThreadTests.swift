import Platform
import Synchronization
import TestDoubles
import Testing

@Suite("Threads")
struct ThreadTests {
    @Test("a queue gives every element once, in order, to whoever takes, and never holds more than its bound")
    func queue() throws {
        let queue = BoundedQueue<Int>(capacity: 4)
        let held = Mutex((now: 0, most: 0))
        let taken = Mutex<[Int]>([])
        try ThreadScope.run { scope in
            for _ in 0..<3 {
                scope.start("taker") {
                    var last = -1
                    while let number = queue.pop() {
                        held.withLock { $0.now -= 1 }
                        #expect(number > last, "each taker sees them in order")
                        last = number
                        taken.withLock { $0.append(number) }
                    }
                }
            }
            for number in 0..<5000 {
                #expect(queue.push(number))
                held.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
            }
            queue.close()
        }
        #expect(taken.withLock { $0.sorted() } == Array(0..<5000))
        // Beside the four in it, one may be on its way at each end.
        #expect(held.withLock { $0.most } <= 4 + 3 + 1)
    }

    @Test("a closed queue still gives what is in it; a cut one forgets it; both take nothing more")
    func closing() {
        let closed = BoundedQueue<Int>(capacity: 4)
        closed.push(1)
        closed.close()
        #expect(!closed.push(2))
        #expect(closed.pop() == 1)
        #expect(closed.pop() == nil)
        let cut = BoundedQueue<Int>(capacity: 4)
        cut.push(1)
        cut.cut()
        #expect(!cut.push(2))
        #expect(cut.pop() == nil)
    }

    @Test("elements that are dropped with a queue are released")
    func released() {
        final class Witness: Sendable {
            let gone: @Sendable () -> Void
            init(_ gone: @escaping @Sendable () -> Void) { self.gone = gone }
            deinit { gone() }
        }
        let count = Atomic(0)
        withExtendedLifetime(BoundedQueue<Witness>(capacity: 100)) { queue in
            for _ in 0..<70 { queue.push(Witness { count.add(1, ordering: .relaxed) }) }
            for _ in 0..<66 { _ = queue.pop() }
            #expect(count.load(ordering: .relaxed) == 66, "what was taken is not kept")
            queue.cut()
            #expect(count.load(ordering: .relaxed) == 70)
        }
    }

    @Test("the first failure wins, ends the others, and every thread is joined")
    func firstFailure() throws {
        let queue = BoundedQueue<Int>(capacity: 1)
        let ended = Atomic(0)
        let failure = #expect(throws: Failure.self) {
            try ThreadScope.run { scope in
                scope.whenFailing { queue.cut() }
                for _ in 0..<4 {
                    scope.start("waits") {
                        defer { ended.add(1, ordering: .relaxed) }
                        while queue.pop() != nil {}
                        throw Failure(.failed, "too late")
                    }
                }
                scope.start("fails") {
                    defer { ended.add(1, ordering: .relaxed) }
                    throw Failure(.damaged, "the first")
                }
            }
        }
        #expect(failure?.sentence == "the first")
        #expect(ended.load(ordering: .relaxed) == 5)
    }

    @Test("a scope whose body fails ends its threads and throws the body's failure")
    func bodyFails() {
        let queue = BoundedQueue<Int>(capacity: 1)
        let failure = #expect(throws: Failure.self) {
            try ThreadScope.run { scope in
                scope.whenFailing { queue.cut() }
                scope.start("waits") { _ = queue.pop() }
                throw Failure(.refused, "the body")
            }
        }
        #expect(failure?.sentence == "the body")
    }

    @Test("what to do in case of failure is done even when it is said too late, and once")
    func lateAction() {
        let done = Atomic(0)
        #expect(throws: Failure.self) {
            try ThreadScope.run { scope in
                scope.fail(Failure(.failed, "early"))
                scope.whenFailing { done.add(1, ordering: .relaxed) }
                scope.fail(Failure(.failed, "again"))
            }
        }
        #expect(done.load(ordering: .relaxed) == 1)
    }

    @Test("a thread may start threads, and they are joined too")
    func nested() throws {
        let count = Atomic(0)
        let answer = try ThreadScope.run { scope in
            scope.start("outer") {
                for _ in 0..<3 { scope.start("inner") { count.add(1, ordering: .relaxed) } }
            }
            return 42
        }
        #expect(answer == 42)
        #expect(count.load(ordering: .relaxed) == 3)
    }

    @Test("a test's clock and randomness do what they are told")
    func doubles() {
        let clock = ManualClock(seconds: 100)
        clock.advance(seconds: 5)
        #expect(clock.now() == Instant(seconds: 105))
        clock.set(Instant(seconds: 1))
        #expect(clock.monotonicSeconds() == 5)
        #expect(SeededRandomness(seed: 1).bytes(9) == SeededRandomness(seed: 1).bytes(9))
        #expect(SeededRandomness(seed: 1).bytes(9) != SeededRandomness(seed: 2).bytes(9))
        #expect(SystemRandomness().bytes(0) == [])
        #expect(SystemRandomness().bytes(32) != SystemRandomness().bytes(32))
        #expect(Instant(seconds: .max).seconds(since: Instant(seconds: .min)) > 1e19)
        #expect(
            Instant(seconds: 10, nanoseconds: 0).seconds(since: Instant(seconds: 9, nanoseconds: 500_000_000)) == 0.5)
    }

    @Test("a cancellation that is told to stop says so ever after, and until then only what the outer one says")
    func stopping() {
        struct Outer: Cancellation {
            func check() throws { throw Failure(.interrupted, "interrupted") }
        }
        let stop = StoppableCancellation(NeverCancelled())
        #expect(throws: Never.self) { try stop.check() }
        stop.stop()
        for _ in 0..<2 { #expect(throws: Failure.self) { try stop.check() } }
        let outer = StoppableCancellation(Outer())
        #expect(throws: Failure(.interrupted, "interrupted")) { try outer.check() }
        outer.stop()
        #expect(throws: Failure(.interrupted, "interrupted"), "the outer reason is the one to tell") {
            try outer.check()
        }
    }
}
