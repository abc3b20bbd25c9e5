import Glibc

/// A moment: seconds since 1970-01-01 UTC (negative before) and nanoseconds after that second.
package struct Instant: Sendable, Hashable, Comparable {
    package var seconds: Int64
    /// 0 ..< 1,000,000,000.
    package var nanoseconds: UInt32

    /// Makes an instant from its two parts.
    package init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// Seconds from `earlier` to this instant, negative when it is later.
    package func seconds(since earlier: Instant) -> Double {
        Double(seconds - earlier.seconds) + (Double(nanoseconds) - Double(earlier.nanoseconds)) / 1e9
    }
}

/// Where time comes from, so that a test can own it.
package protocol Clock: Sendable {
    /// The wall clock.
    func now() -> Instant
    /// A clock that never jumps, in seconds; only differences mean something.
    func monotonicSeconds() -> Double
}

/// The kernel's clocks.
package struct SystemClock: Clock {
    /// Makes the clock; it has no state.
    package init() {}

    package func now() -> Instant {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: Int64(time.tv_sec), nanoseconds: UInt32(time.tv_nsec))
    }

    package func monotonicSeconds() -> Double {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
