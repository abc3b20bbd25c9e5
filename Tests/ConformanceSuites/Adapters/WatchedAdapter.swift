import DataSources
import Platform

/// An adapter under observation: every call that it makes of its sink is held against the contract.
final class WatchedAdapter: SourceAdapter {
    static let name = "watched"
    static let summary = "any other"

    private let inner: any SourceAdapter
    private let orders: CaptureOrders
    private let breaches: Breaches
    private let watch = Watch()

    init(_ inner: any SourceAdapter, _ orders: CaptureOrders, _ breaches: Breaches) {
        self.inner = inner
        self.orders = orders
        self.breaches = breaches
    }

    var location: String { inner.location }
    /// How often the adapter asked whether it must stop.
    var checks: Int { watch.sink?.checks ?? 0 }
    /// How many entries it gave.
    var entries: Int { watch.sink?.entries ?? 0 }
    /// How many entries it offered before it opened them.
    var offers: Int { watch.sink?.offers ?? 0 }

    func probe() throws { try inner.probe() }

    func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        let watched = WatchedSink(sink, orders, breaches)
        watch.sink = watched
        defer { watched.close() }
        return try inner.capture(into: watched, context: context)
    }

    /// Set once, before the capture, by the thread that captures.
    private final class Watch: @unchecked Sendable { var sink: WatchedSink? }
}
