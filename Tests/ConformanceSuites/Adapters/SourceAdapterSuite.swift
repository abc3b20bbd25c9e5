import DataSources
import Entries
import Formats
import Platform
import TestDoubles
import Testing

/// What every source adapter must do; a test runs it over each. `makeSource` answers a source that stands still, and
/// after one was taken away another one of the same content.
package struct SourceAdapterSuite: Sendable {
    let makeSource: @Sendable () throws -> SourceUnderTest

    /// Takes the way to a source.
    package init(_ makeSource: @escaping @Sendable () throws -> SourceUnderTest) { self.makeSource = makeSource }

    /// All promises, each under its name.
    package func run() throws {
        let source = try makeSource()
        try locationsAreSteady(source)
        try secretsStayOutside(source)
        try source.makeAdapter().probe()
        let (first, checks) = try everythingComesOnce(source)
        if source.comesAgain { try unchangedEntriesAreOfferedAgain(source, first) }
        if source.offersEntries { try someEntriesAreTakenOver(source, first) }
        try captureStopsWhenTold(source, checks)
        try changesAreTold(source, first)
        try absentSourcesAreTold(source)
        try lossesAreTold(first)
    }

    private func locationsAreSteady(_ source: SourceUnderTest) throws {
        let location = try source.makeAdapter().location
        #expect(try source.makeAdapter().location == location, "the same source is called the same each night")
        #expect(!location.isEmpty)
        #expect(!location.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }

    private func secretsStayOutside(_ source: SourceUnderTest) throws {
        guard let makeAdapter = source.makeAdapterWithSecret else { return }
        let secret = "hunter2-of-the-suite"
        do {
            let adapter = try makeAdapter(secret)
            #expect(!adapter.location.contains(secret), "a location holds no password")
        } catch {
            #expect(!Failure(error).description.contains(secret), "a refusal does not repeat the password")
            #expect(Failure(error).hint?.contains(secret) != true)
        }
    }

    /// The first capture: order, contents, findings, time and manifest. Answers how often it asked whether to stop.
    private func everythingComesOnce(_ source: SourceUnderTest) throws -> (Recording, checks: Int) {
        var orders = CaptureOrders()
        orders.examinesContents = source.comesAgain
        let adapter = WatchedAdapter(try source.makeAdapter(), orders)
        let location = adapter.location
        let begin = SystemClock().now()
        let recording = try RecordingSink.record(adapter)
        #expect(adapter.breaches.all == [])
        #expect(recording.sink.root != nil, "a capture gives a root")
        #expect(recording.findings == [], "of a source that stands still there is nothing to find")
        #expect(recording.outcome.dataTime >= begin, "the data shows no time before the capture")
        #expect(recording.outcome.dataTime <= SystemClock().now(), "nor one after it")
        #expect(adapter.location == location)
        let manifest = recording.outcome.manifest
        #expect(manifest.members != nil, "a manifest is an object")
        #expect(try JSONParser.parse(JSONWriter.bytes(manifest)) == manifest, "a manifest is what is read back of it")
        return (recording, adapter.checks)
    }

    private func unchangedEntriesAreOfferedAgain(_ source: SourceUnderTest, _ first: Recording) throws {
        let watched = WatchedAdapter(try source.makeAdapter())
        let again = try RecordingSink.record(watched, readers: 4, bufferBytes: 1013, parent: first.sink)
        #expect(watched.breaches.all == [])
        let expected = source.offersEntries ? RecordedTree.walk(first).count { $0.node.entry.kind != .directory } : 0
        let isSingle = first.sink.root?.entry.kind != .directory
        #expect(watched.offers == expected - (isSingle && expected > 0 ? 1 : 0), "each entry is offered once")
        #expect(again.sink.takenOver.count == watched.offers, "what is offered equals what was captured before")
        expectEqual(again, first, source)
        #expect(again.outcome.dataTime >= first.outcome.dataTime)
    }

    /// The sink takes every second entry over: nothing else changes.
    private func someEntriesAreTakenOver(_ source: SourceUnderTest, _ first: Recording) throws {
        var orders = CaptureOrders()
        orders.mayTakeOver = { $0 % 2 == 0 }
        let some = try record(source.makeAdapter(), orders, parent: first.sink)
        expectEqual(some, first, source)
    }

    /// Told to stop at the first question, in the middle and at the last one, out of so many.
    private func captureStopsWhenTold(_ source: SourceUnderTest, _ checks: Int) throws {
        for check in Set([1, checks / 2, checks]) where check > 0 && check <= checks {
            var orders = CaptureOrders()
            orders.stopsAtCheck = check
            let stopped = WatchedAdapter(try (source.comesAgain ? source : makeSource()).makeAdapter(), orders)
            let failure = #expect(throws: Failure.self, "told to stop at \(check)") {
                try RecordingSink.record(stopped)
            }
            #expect(failure?.kind == .interrupted, "the reason comes through: \(failure?.description ?? "")")
            #expect(stopped.breaches.all == [])
        }
    }

    private func absentSourcesAreTold(_ source: SourceUnderTest) throws {
        guard let absence = source.absence else { return }
        let probed = #expect(throws: Failure.self, "a probe finds it missing") { try absence.adapter.probe() }
        let watched = WatchedAdapter(absence.adapter)
        let captured = #expect(throws: Failure.self, "so does a capture") { try RecordingSink.record(watched) }
        #expect(watched.entries == 0, "of a source that is not there nothing comes")
        for failure in [probed, captured] {
            #expect(failure?.kind == absence.kind)
            #expect(failure?.description.contains(absence.words) == true, "\(failure?.description ?? "")")
        }
    }

    /// Captures with watching; every promise that is broken fails the test.
    func record(
        _ adapter: any SourceAdapter, _ orders: CaptureOrders, parent: RecordingSink? = nil
    ) throws -> Recording {
        let watched = WatchedAdapter(adapter, orders)
        defer { #expect(watched.breaches.all == []) }
        return try RecordingSink.record(watched, parent: parent)
    }

    private func expectEqual(_ other: Recording, _ first: Recording, _ source: SourceUnderTest) {
        #expect(RecordedTree.differences(other, first) == [], "an unchanged source gives the same entries")
        #expect(source.lasting(other.outcome.manifest) == source.lasting(first.outcome.manifest))
        #expect(other.findings == [])
    }
}
