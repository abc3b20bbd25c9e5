import Glibc

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
