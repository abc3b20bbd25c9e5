import Platform
import Storage
import TestDoubles
import Testing
import Upkeep

@Suite("The probe of a store")
struct StoreProbeTests {
    private func probe(_ lie: LyingStore.Lie) throws -> (StoreProbe.Outcome, left: [String]) {
        let clock = ManualClock()
        let store = LyingStore(lie, clock: clock)
        let outcome = try StoreProbe(store, clock: clock).run(cancellation: NeverCancelled())
        return (outcome, store.inner.names)
    }

    @Test("a store that keeps its promises passes, and nothing stays in it")
    func honest() throws {
        let (outcome, left) = try probe(.none)
        #expect(outcome.refusal == nil && outcome.faults.isEmpty && outcome.leftovers.isEmpty)
        #expect(outcome.secondsAhead == 0 && left.isEmpty)
    }

    @Test("a folder on disk passes, and looks afterwards as it did before")
    func folder() throws {
        let folder = try TemporaryFolder("probe")
        try folder.write("settings/abc", text: "x")
        let store = try LocalStore(path: folder.bytes)
        let outcome = try StoreProbe(store, clock: SystemClock()).run(cancellation: NeverCancelled())
        #expect(outcome.refusal == nil && outcome.faults.isEmpty && outcome.leftovers.isEmpty)
        // The kernel dates files by a clock that ticks.
        #expect(try #require(outcome.secondsAhead).magnitude < 0.1)
        #expect(try Directory(folder.bytes).names() == [Array("settings".utf8)])
        #expect(try Directory(folder.path("settings")).names() == [Array("abc".utf8)])
    }

    @Test("a store that lets a later object take a name is found, whatever it answers")
    func replaced() throws {
        let open = try probe(.replaces)
        #expect(open.0.faults.contains("a name that is taken can be stored to once more"))
        #expect(open.0.faults.contains { $0.hasPrefix("of 4 creators of one name 4 ") })
        let silent = try probe(.replacesSilently)
        #expect(silent.0.faults.contains("an object that was there is replaced by a later one of its name"))
        #expect(open.left.isEmpty && silent.left.isEmpty)
    }

    @Test("a list that lacks what was created, or shows what was removed, is found")
    func lists() throws {
        #expect(try probe(.forgetsToList).0.faults == ["a list lacks 1 of 16 objects that were just created"])
        #expect(try probe(.listsTheDead).0.faults == ["a list shows objects that were just removed"])
    }

    @Test("a store that takes nothing is no fault, and the reason is told")
    func readOnly() throws {
        let (outcome, left) = try probe(.readsOnly)
        #expect(outcome.refusal?.cause == "Permission denied" && outcome.faults.isEmpty)
        #expect(outcome.leftovers.isEmpty && left.isEmpty)
    }

    @Test("what cannot be removed again is named")
    func kept() throws {
        let (outcome, left) = try probe(.keepsAll)
        #expect(outcome.refusal != nil && !left.isEmpty)
        #expect(outcome.leftovers == left)
    }

    @Test("a clock that differs is measured")
    func clock() throws {
        #expect(try probe(.isAhead(90)).0.secondsAhead == 90)
        #expect(try probe(.isAhead(-90)).0.secondsAhead == -90)
    }
}
