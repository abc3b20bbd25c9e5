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
        let breaches = Breaches()
        let hasRun = Mutex(false)
        var orders = CaptureOrders()
        orders.onEntry = { _, path, content in
            guard path == change.path, let content else { return }
            hasRun.withLock { $0 = true }
            let under = try ContentExamination.read(content, rooms: [4], breaches, "changed", after: change.make)
            breaches.expect(!under.unchanged || under.bytes == before, "a change under a reading is not told")
            breaches.expect(
                under.bytes == before || UInt64(under.bytes.count) == under.entry.size,
                "a changed content has another size than its entry")
            let (isInMotion, bytes) = try Self.readRightAfter(change, content)
            breaches.expect(isInMotion || bytes == before, "a change right before a reading is not told")
        }
        _ = try record(source.makeAdapter(), orders)
        #expect(hasRun.withLock { $0 })
        #expect(breaches.all == [])
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
            do {
                let rest = try record(source.makeAdapter(), orders)
                let untold = RecordedTree.untold(in: rest, of: first)
                #expect(untold == [], "taken away at entry \(number)")
            } catch {
                let failure = Failure(error)
                #expect(failure.kind == source.lossKind, "\(failure.description)")
            }
        }
    }
}
