import Synchronization

/// Stops when it is told to; passes on what somebody else says.
///
/// For work that is done beside other work and is worth nothing without it: the one that fails tells the other.
package final class StoppableCancellation: Cancellation {
    private let outer: any Cancellation
    private let isStopped = Atomic<Bool>(false)

    /// Passes on what `outer` says until it is told to stop.
    package init(_ outer: any Cancellation) { self.outer = outer }

    /// Whoever asks from now on hears that he should stop.
    package func stop() { isStopped.store(true, ordering: .releasing) }

    package func check() throws {
        try outer.check()
        guard isStopped.load(ordering: .acquiring) else { return }
        throw Failure(.failed, "stopped, because what was done beside it failed")
    }
}
