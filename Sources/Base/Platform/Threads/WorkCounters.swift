import Synchronization

/// How far a run is, for a progress line: written by the threads that work, read by the one that shows.
package final class WorkCounters: Sendable {
    private let itemCount = Atomic<Int>(0)
    private let byteCount = Atomic<Int>(0)
    private let itemTotal = Atomic<Int>(0)
    private let byteTotal = Atomic<Int>(0)

    /// Makes counters at zero.
    package init() {}

    /// Notes finished work.
    package func add(items: Int = 0, bytes: Int = 0) {
        if items != 0 { itemCount.add(items, ordering: .relaxed) }
        if bytes != 0 { byteCount.add(bytes, ordering: .relaxed) }
    }

    /// Notes work that is known to come.
    package func expect(items: Int = 0, bytes: Int = 0) {
        itemTotal.add(items, ordering: .relaxed)
        byteTotal.add(bytes, ordering: .relaxed)
    }

    /// Files, tables or packs that are done.
    package var items: Int { itemCount.load(ordering: .relaxed) }
    /// Bytes that are done.
    package var bytes: Int { byteCount.load(ordering: .relaxed) }
    /// Items in all, 0 when that is not known.
    package var expectedItems: Int { itemTotal.load(ordering: .relaxed) }
    /// Bytes in all, 0 when that is not known.
    package var expectedBytes: Int { byteTotal.load(ordering: .relaxed) }
}
