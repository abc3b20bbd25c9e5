import DataSources
import Entries
import Glibc
import Platform

/// A sink that passes everything on, and notes which promise of `CaptureSink` is broken by whoever calls it.
///
/// Names that come twice or out of order, and directories that are never left, are noted by the `RecordingSink` behind.
final class WatchedSink: CaptureSink, @unchecked Sendable {
    private let inner: any CaptureSink
    private let orders: CaptureOrders
    private let breaches: Breaches
    private let lock = Lock()
    private var thread: pthread_t?
    private var hasRoot = false
    private var isClosed = false
    private var isStopped = false
    private var hasAsked = false
    private var path: [[UInt8]] = []
    private var offered: [UInt8]?
    private var counts = (entries: 0, offers: 0, checks: 0)

    init(_ inner: any CaptureSink, _ orders: CaptureOrders, _ breaches: Breaches) {
        self.inner = inner
        self.orders = orders
        self.breaches = breaches
    }

    var entries: Int { lock.locked { counts.entries } }
    var offers: Int { lock.locked { counts.offers } }
    var checks: Int { lock.locked { counts.checks } }

    /// The capture has ended: nothing may come any more.
    func close() { lock.locked { isClosed = true } }

    func root(_ entry: Entry, content: (any ContentSource)?, order: ChildOrder) throws {
        note("root", isRoot: true)
        let number = lock.locked { () -> Int in
            breaches.expect(!hasRoot, "root was called twice")
            hasRoot = true
            counts.entries += 1
            return counts.entries - 1
        }
        judge(entry, content, at: [])
        try orders.onEntry?(number, [], content)
        try inner.root(entry, content: watched(content, entry, []), order: order)
    }

    func takesOver(_ entry: Entry) throws -> Bool {
        note("takesOver")
        let number = lock.locked { () -> Int in
            begin(entry)
            offered = entry.name
            counts.offers += 1
            return counts.offers - 1
        }
        guard orders.mayTakeOver(number), try inner.takesOver(entry) else { return false }
        let place = lock.locked { () -> (Int, [[UInt8]]) in
            offered = nil
            counts.entries += 1
            return (counts.entries - 1, path + [entry.name])
        }
        try orders.onEntry?(place.0, place.1, nil)
        return true
    }

    func add(_ entry: Entry, content: (any ContentSource)?) throws {
        note("add")
        let (number, path) = give(entry)
        judge(entry, content, at: path)
        try orders.onEntry?(number, path, content)
        try inner.add(entry, content: watched(content, entry, path))
    }

    func enter(_ directory: Entry, order: ChildOrder) throws {
        note("enter")
        let (number, path) = give(directory)
        judge(directory, nil, at: path)
        lock.locked { self.path = path }
        try orders.onEntry?(number, path, nil)
        try inner.enter(directory, order: order)
    }

    func leave() throws {
        note("leave")
        lock.locked { if !path.isEmpty { path.removeLast() } }
        try inner.leave()
    }

    func settle() throws {
        note("settle")
        try inner.settle()
    }

    func report(_ finding: Finding) {
        breaches.expect(
            !finding.sentence.isEmpty && !finding.sentence.hasSuffix("."),
            "a finding of \(finding.object) is no sentence"
        )
        inner.report(finding)
    }

    func checkCancellation() throws {
        let stops = lock.locked { () -> Bool in
            if thread == nil || thread == pthread_self() {
                hasAsked = true
                counts.checks += 1
                if let stop = orders.stopsAtCheck, counts.checks >= stop { isStopped = true }
            }
            return isStopped
        }
        if stops { throw Failure(.interrupted, "stopped by the suite") }
        try inner.checkCancellation()
    }

    /// One call, which comes from the adapter's only thread, after the root, and neither too late nor in spite.
    private func note(_ call: String, isRoot: Bool = false) {
        lock.locked {
            if thread == nil { thread = pthread_self() }
            breaches.expect(thread == pthread_self(), "\(call) was called from another thread")
            breaches.expect(isRoot || hasRoot, "\(call) was called before root")
            breaches.expect(!isStopped, "\(call) was called although the run was told to stop")
            breaches.expect(!isClosed, "\(call) was called after the capture had ended")
        }
    }

    private func give(_ entry: Entry) -> (number: Int, path: [[UInt8]]) {
        lock.locked {
            if offered != entry.name { begin(entry) }
            offered = nil
            counts.entries += 1
            return (counts.entries - 1, path + [entry.name])
        }
    }

    /// Another entry comes: since the last one the adapter must have asked whether to stop.
    private func begin(_ entry: Entry) {
        breaches.expect(hasAsked, "\(words(path + [entry.name])) came, and nobody had asked whether to stop")
        hasAsked = false
    }

    /// What holds for an entry whatever its source is.
    private func judge(_ entry: Entry, _ content: (any ContentSource)?, at path: [[UInt8]]) {
        let name = words(path)
        breaches.expect(
            (entry.kind == .file) == (content != nil), "\(name), a \(entry.kind), came with a wrong content")
        breaches.expect(entry.permissions <= 0o7777, "\(name) has permissions beyond 07777")
        breaches.expect(entry.digest.isEmpty, "\(name) has a digest before it was read")
        breaches.expect(entry.kind != .symlink || !entry.linkTarget.isEmpty, "\(name) leads nowhere")
        breaches.expect(
            entry.modified.nanoseconds < 1_000_000_000 && entry.changed.nanoseconds < 1_000_000_000,
            "\(name) has a time that is none")
        let names = entry.attributes.map(\.name)
        breaches.expect(
            zip(names, names.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) },
            "the attributes of \(name) are not in order")
    }

    private func watched(
        _ content: (any ContentSource)?, _ entry: Entry, _ path: [[UInt8]]
    ) -> WatchedContent? {
        content.map { WatchedContent($0, entry, words(path), examines: orders.examinesContents, breaches) }
    }

    private func words(_ path: [[UInt8]]) -> String {
        path.isEmpty ? "the root" : path.suffix(3).map { printable($0) }.joined(separator: "/")
    }
}
