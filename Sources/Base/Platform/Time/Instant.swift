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
        // In floating point, since what a store claims may lie ages apart; whole seconds stay exact up to 2^53.
        Double(seconds) - Double(earlier.seconds) + (Double(nanoseconds) - Double(earlier.nanoseconds)) / 1e9
    }
}
