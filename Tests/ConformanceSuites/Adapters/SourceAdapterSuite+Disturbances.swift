import DataSources
import Entries
import Platform
import Synchronization
import TestDoubles
import Testing

/// What an adapter does when the source does not stand still.
extension SourceAdapterSuite {
    /// Somebody changes a content under a reading, and right before one: the adapter says so, or gives what was there.
    func changesAreTold(_ source: SourceUnderTest, _ first: Recording) throws {
        guard let change = source.change else { return }
        let before = try #require(first.sink.node(change.path)?.bytes, "the content to change is there")
        let hasRun = Mutex(false)
        var orders = CaptureOrders()
        orders.onEntry = { [breaches] _, path, content in
            guard path == change.path, let content else { return }
            hasRun.withLock { $0 = true }
            let under = try ContentExamination.read(content, rooms: [4], breaches, "changed", after: change.make)
            breaches.expect(!under.unchanged || under.bytes == before, "a change under a reading is not told")
            breaches.expect(
                UInt64(under.bytes.count) == under.entry.size, "a changed content has another size than its entry")
            let (isInMotion, bytes) = try Self.readRightAfter(change, content)
            breaches.expect(isInMotion || bytes == before, "a change right before a reading is not told")
        }
        _ = try RecordingSink.record(WatchedAdapter(try source.makeAdapter(), orders, breaches))
        breaches.expect(hasRun.withLock { $0 }, "the content to change never came")
    }

    /// Reads a content that was changed within the last second: whoever is slower than that begins again.
    private static func readRightAfter(
        _ change: SourceUnderTest.Change, _ content: any ContentSource
    ) throws -> (isInMotion: Bool, bytes: [UInt8]) {
        let clock = SystemClock()
        while true {
            let begin = clock.monotonicSeconds()
            try change.make()
            let reader = try content.open()
            guard clock.monotonicSeconds() - begin < 1 else { continue }
            var buffer = Buffer(capacity: 4096)
            var bytes: [UInt8] = []
            while try reader.read(into: &buffer) {
                bytes.append(buffer.bytes)
                buffer.clear()
            }
            return (reader.mayBeInMotion, bytes)
        }
    }

    /// The source goes away at its root, and in the middle: what does not come is named, or the capture gives up.
    func lossesAreTold(_ first: Recording) throws {
        let count = RecordedTree.walk(first).count
        for number in Set([0, count / 2]) {
            let source = try makeSource()
            guard let takeAway = source.takeAway else { return }
            var orders = CaptureOrders()
            orders.onEntry = { entry, _, _ in if entry == number { try takeAway() } }
            let watched = WatchedAdapter(try source.makeAdapter(), orders, breaches)
            do {
                let rest = try RecordingSink.record(watched)
                for item in RecordedTree.untold(in: rest, of: first) {
                    breaches.add("after the source went away at entry \(number), nobody says that \(item)")
                }
            } catch {
                let failure = Failure(error)
                breaches.expect(
                    failure.kind == source.lossKind,
                    "after the source went away at entry \(number), a capture fails with \(failure.kind): "
                        + failure.description)
            }
        }
    }
}
