import Platform
import Synchronization

/// A clock that a test sets and moves.
package final class ManualClock: Clock {
    private let time: Mutex<(wall: Instant, elapsed: Double)>

    /// A clock that stands at `seconds` after 1970; by default on 2026-11-21 at 22:22:59 UTC.
    package init(seconds: Int64 = 1_795_299_779) { time = Mutex((Instant(seconds: seconds), 0)) }

    /// Moves both clocks forward.
    package func advance(seconds: Int64) {
        time.withLock {
            $0.wall.seconds += seconds
            $0.elapsed += Double(seconds)
        }
    }

    /// Moves the clock that never jumps alone, by less than a second.
    package func tick(milliseconds: Int) { time.withLock { $0.elapsed += Double(milliseconds) / 1000 } }

    /// Sets the wall clock alone, as an administrator or a time server does.
    package func set(_ instant: Instant) { time.withLock { $0.wall = instant } }

    package func now() -> Instant { time.withLock { $0.wall } }
    package func monotonicSeconds() -> Double { time.withLock { $0.elapsed } }
}
