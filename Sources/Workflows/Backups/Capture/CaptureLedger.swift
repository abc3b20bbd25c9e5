import Platform

/// Counts and findings of one source, written by several threads.
final class CaptureLedger: @unchecked Sendable {
    private let lock = Lock()
    private var counts = CaptureCounts()

    func count(_ change: (inout CaptureCounts) -> Void) { lock.locked { change(&counts) } }
    var current: CaptureCounts { lock.locked { counts } }
}
