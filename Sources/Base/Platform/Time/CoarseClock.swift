import Glibc

/// The clock from which the kernel takes the times of inodes: it advances in ticks of some milliseconds.
package enum CoarseClock {
    /// The beginning of the current tick.
    package static func now() -> Instant {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return Instant(seconds: Int64(time.tv_sec), nanoseconds: UInt32(time.tv_nsec))
    }
}
