import ConformanceSuites
import DataSources
import Platform
import Testing

@Suite("The suite of source adapters")
struct SourceAdapterSuiteTests {
    @Test("an adapter that keeps the contract passes")
    func passes() throws { try suite(nil).run() }

    @Test("so does one whose source comes once, and is asked for no more than that")
    func passesOnce() throws {
        try SourceAdapterSuite {
            let state = FaultySource(comesOnce: true)
            var source = SourceUnderTest { FaultyAdapter(state, nil) }
            source.comesAgain = false
            return source
        }.run()
    }

    @Test("every fault is noticed, and told in words that name it", arguments: FaultyAdapter.Fault.allCases)
    func notices(fault: FaultyAdapter.Fault) {
        let suite = suite(fault)
        var told: [String]
        do { told = try suite.broken() } catch { told = ["\(error)"] + suite.brokenSoFar }
        #expect(told.contains { $0.contains(fault.words) }, "\(told)")
    }

    private func suite(_ fault: FaultyAdapter.Fault?) -> SourceAdapterSuite {
        SourceAdapterSuite {
            let state = FaultySource()
            var source = SourceUnderTest { FaultyAdapter(state, fault) }
            source.offersEntries = true
            source.change = .init(of: [Array("a".utf8)]) { state.change() }
            source.takeAway = { state.takeAway() }
            var nowhere = FaultyAdapter(state, fault)
            nowhere.isAbsent = true
            source.absence = .init(nowhere, .failed, words: "faulty:/source")
            source.makeAdapterWithSecret = { secret in
                var adapter = FaultyAdapter(state, fault)
                adapter.secret = secret
                guard fault == .secretLocation else {
                    throw Failure(.usage, "no password here\(fault == .secretRefused ? ": " + secret : "")")
                }
                return adapter
            }
            return source
        }
    }
}
