import Synchronization

/// Stops what takes too long; passes on what somebody else says.
///
/// The limit may be set anew at any time, by any thread: a run of several phases gives each its own.
package final class DeadlineCancellation: Cancellation {
    private struct Limit {
        var instant: Double?
        var what = ""
        var seconds = 0.0
    }

    private let outer: any Cancellation
    private let clock: any Clock
    private let limits = Mutex<[Limit]>([])

    /// Passes on what `outer` says, and sets no limit yet.
    package init(_ outer: any Cancellation, clock: any Clock) {
        self.outer = outer
        self.clock = clock
    }

    /// Allows `what` so many seconds from now, beside the limits that are set already. Answers the limit's number.
    @discardableResult
    package func allow(_ seconds: Double, for what: String) -> Int {
        let instant = clock.monotonicSeconds() + seconds
        return limits.withLock {
            $0.append(Limit(instant: instant, what: what, seconds: seconds))
            return $0.count - 1
        }
    }

    /// Takes one limit away.
    package func lift(_ number: Int) {
        limits.withLock { $0[number].instant = nil }
    }

    package func check() throws {
        try outer.check()
        let now = clock.monotonicSeconds()
        let passed = limits.withLock { list in list.first { $0.instant.map { $0 <= now } ?? false } }
        guard let passed else { return }
        throw Failure(
            .deadline, "\(passed.what) took longer than the \(Self.words(passed.seconds)) that it may take")
    }

    private static func words(_ seconds: Double) -> String {
        let whole = seconds.rounded() == seconds ? String(Int(seconds)) : String(seconds)
        return "\(whole) s"
    }
}
