import DataSources
import Drills
import Testing

@testable import Policies

@Suite("The checks that sources bring")
struct BroughtChecksTests {
    @Test("a policy knows each one that a drill makes for its adapters, and whether it is gating by itself")
    func known() {
        let adapters = [FilesAdapter.name, PostgresAdapter.name]
        let made = CheckCatalog.all.filter { adapters.contains($0.adapter) }.map {
            "\($0.identifier) of \($0.adapter), \($0.isGating)"
        }
        let known = PolicyKeys.brought.map { "\($0.type) of \($0.adapter), \($0.isGating)" }
        #expect(Set(made) == Set(known) && made.count >= 5)
    }
}
