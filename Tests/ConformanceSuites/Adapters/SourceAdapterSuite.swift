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
    let breaches = Breaches()

    /// Takes the way to a source.
    package init(_ makeSource: @escaping @Sendable () throws -> SourceUnderTest) { self.makeSource = makeSource }

    /// All promises; fails the test that runs it for each that is broken.
    package func run() throws { #expect(try broken() == []) }

    /// The promises that are broken, in sentences; each promise has its name below.
    package func broken() throws -> [String] {
        let source = try makeSource()
        try locationsAreSteady(source)
        try secretsStayOutside(source)
        try source.makeAdapter().probe()
        let (first, checks) = try everythingComesOnce(source)
        if source.comesAgain { try unchangedEntriesAreOfferedAgain(source, first) }
        if source.offersEntries { try someEntriesAreTakenOver(source, first) }
        try captureStopsWhenTold(source, checks)
        try changesAreTold(source, first)
        absentSourcesAreTold(source)
        try lossesAreTold(first)
        return breaches.all
    }

    /// What was broken before `broken` threw.
    package var brokenSoFar: [String] { breaches.all }

    private func locationsAreSteady(_ source: SourceUnderTest) throws {
        let location = try source.makeAdapter().location
        let again = try source.makeAdapter().location
        breaches.expect(again == location, "the same source is called \(location), then \(again)")
        breaches.expect(!location.isEmpty, "the location is empty")
        let controls = location.unicodeScalars.contains { $0.properties.generalCategory == .control }
        breaches.expect(!controls, "the location \(location.debugDescription) cannot be shown")
    }

    private func secretsStayOutside(_ source: SourceUnderTest) throws {
        guard let makeAdapter = source.makeAdapterWithSecret else { return }
        let secret = "hunter2-of-the-suite"
        do {
            let adapter = try makeAdapter(secret)
            breaches.expect(!adapter.location.contains(secret), "the location holds a password")
        } catch {
            let words = Failure(error).description + (Failure(error).hint ?? "")
            breaches.expect(!words.contains(secret), "the refusal of a password repeats it")
        }
    }

    /// The first capture: order, contents, findings, time and manifest. Answers how often it asked whether to stop.
    private func everythingComesOnce(_ source: SourceUnderTest) throws -> (Recording, checks: Int) {
        var orders = CaptureOrders()
        orders.examinesContents = source.comesAgain
        let adapter = WatchedAdapter(try source.makeAdapter(), orders, breaches)
        let location = adapter.location
        let begin = SystemClock().now()
        let recording = try RecordingSink.record(adapter)
        let (outcome, end) = (recording.outcome, SystemClock().now())
        breaches.expect(recording.sink.root != nil, "the capture gave no root")
        breaches.expect(recording.findings == [], "a source that stands still has findings: \(recording.findings)")
        breaches.expect(outcome.dataTime >= begin, "the data shows a time before the capture")
        breaches.expect(outcome.dataTime <= end, "the data shows a time after the capture")
        breaches.expect(adapter.location == location, "the capture moved the location")
        breaches.expect(outcome.manifest.members != nil, "the manifest is no object")
        let read = try JSONParser.parse(JSONWriter.bytes(outcome.manifest))
        breaches.expect(read == outcome.manifest, "the manifest is not what is read back of it")
        return (recording, adapter.checks)
    }

    private func unchangedEntriesAreOfferedAgain(_ source: SourceUnderTest, _ first: Recording) throws {
        let watched = WatchedAdapter(try source.makeAdapter(), CaptureOrders(), breaches)
        let again = try RecordingSink.record(watched, readers: 4, bufferBytes: 1013, parent: first.sink)
        let offerable = RecordedTree.walk(first).count { !$0.path.isEmpty && $0.node.entry.kind != .directory }
        let expected = source.offersEntries ? offerable : 0
        let (offers, taken) = (watched.offers, again.sink.takenOver.count)
        breaches.expect(offers == expected, "of \(expected) entries \(offers) were offered before they were opened")
        breaches.expect(taken == offers, "of \(offers) entries of an unchanged source \(offers - taken) look changed")
        judgeEqual(again, first, source)
    }

    /// The sink takes every second entry over: nothing else changes.
    private func someEntriesAreTakenOver(_ source: SourceUnderTest, _ first: Recording) throws {
        var orders = CaptureOrders()
        orders.mayTakeOver = { $0 % 2 == 0 }
        let watched = WatchedAdapter(try source.makeAdapter(), orders, breaches)
        judgeEqual(try RecordingSink.record(watched, parent: first.sink), first, source)
    }

    /// Told to stop at the first question, in the middle and at the last one, out of so many.
    private func captureStopsWhenTold(_ source: SourceUnderTest, _ checks: Int) throws {
        for check in Set([1, checks / 2, checks]) where check > 0 && check <= checks {
            var orders = CaptureOrders()
            orders.stopsAtCheck = check
            let again = try source.comesAgain ? source : makeSource()
            let watched = WatchedAdapter(try again.makeAdapter(), orders, breaches)
            do {
                _ = try RecordingSink.record(watched)
                breaches.add("told to stop at question \(check), the capture came to its end")
            } catch {
                let failure = Failure(error)
                breaches.expect(
                    failure.kind == .interrupted, "told to stop, the capture failed of \(failure.description)")
            }
        }
    }

    private func absentSourcesAreTold(_ source: SourceUnderTest) {
        guard let absence = source.absence else { return }
        let watched = WatchedAdapter(absence.adapter, CaptureOrders(), breaches)
        for (what, attempt) in [
            ("probe", { try watched.probe() }), ("capture", { _ = try RecordingSink.record(watched) }),
        ] as [(String, () throws -> Void)] {
            do {
                try attempt()
                breaches.add("a \(what) of what is not there succeeds")
            } catch {
                let failure = Failure(error)
                breaches.expect(
                    failure.kind == absence.kind && failure.description.contains(absence.words),
                    "a \(what) of what is not there fails with \(failure.kind): \(failure.description)")
            }
        }
        breaches.expect(watched.entries == 0, "of what is not there \(watched.entries) entries come")
    }

    private func judgeEqual(_ other: Recording, _ first: Recording, _ source: SourceUnderTest) {
        for difference in RecordedTree.differences(other, first) {
            breaches.add("another night of an unchanged source: \(difference)")
        }
        let isLasting = source.lasting(other.outcome.manifest) == source.lasting(first.outcome.manifest)
        breaches.expect(isLasting, "another night of an unchanged source has another manifest")
        breaches.expect(other.findings == [], "another night has findings: \(other.findings)")
        breaches.expect(other.outcome.dataTime >= first.outcome.dataTime, "a later night shows an earlier time")
    }
}
