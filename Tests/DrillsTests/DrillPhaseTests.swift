import Drills
import Platform
import Policies
import Reports
import TestDoubles
import Testing

/// A clock that stands still but for two seconds in one phase shows whose they are.
struct DrillPhaseTests {
    @Test("two seconds in a phase are that phase's alone", arguments: DrillPhase.allCases)
    func ownsItsTime(phase: DrillPhase) throws {
        let system = try DrilledSystem()
        try system.backUp()
        let clock = ManualClock(seconds: SystemClock().now().seconds)
        var policy = Policy(
            name: "shop", timezone: "UTC", repository: RepositoryPolicy(url: "/srv", password: .environment("P")),
            sources: [SourcePolicy(name: "www", adapter: .files(FilesPolicy(root: "/srv/www")))])
        policy.drill.checks = [
            CheckPolicy(
                "audit", .command(argv: ["test", "-s", "{www.path}/index.html"], exit: 0, stdoutMatches: nil),
                isGating: false)
        ]
        let report = try system.drill(clock: clock) {
            $0.policy = policy
            $0.beforeChecks = "true"
            $0.provesChecks = true
            $0.onPhase = { if $0 == phase { clock.advance(seconds: 2) } }
        }
        #expect(report.verdict == "recovered", "\(report.summary)")
        #expect(report.phases.map(\.name) == DrillPhase.allCases.map(\.rawValue))
        for share in report.phases {
            #expect(share.shareSeconds == (share.name == phase.rawValue ? 2 : 0), "\(share.name)")
        }
        #expect(report.measuredRecoverySeconds == (phase.isCounted ? 2 : 0))
    }
}
