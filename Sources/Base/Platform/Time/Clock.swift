/// Where time comes from, so that a test can own it.
package protocol Clock: Sendable {
    /// The wall clock.
    func now() -> Instant
    /// A clock that never jumps, in seconds; only differences mean something.
    func monotonicSeconds() -> Double
}
