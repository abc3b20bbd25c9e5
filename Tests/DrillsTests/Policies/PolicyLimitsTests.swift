import Backups
import DataSources
import Formats
import Platform
import Policies
import Reports
import Repositories
import TestDoubles
import Testing

@testable import Drills

/// What a policy limits and demands of a drill: objectives, timeouts, which checks decide, how long staging stays.
@Suite(.serialized)
struct PolicyLimitsTests {
    @Test("objectives are held against what was measured: kept, missed (exit 5), and stale before anything is fetched")
    func judgesObjectives() throws {
        let system = try DrilledSystem()
        try system.backUp()
        func drill(rto: Double, rpo: Double, newest: Bool = true) throws -> Report {
            try system.drill {
                var policy = DrilledPolicy.policy { _ in }
                policy.sources.removeLast()
                policy.objectives = ObjectivesPolicy(rpoSeconds: rpo, rtoSeconds: rto)
                $0.policy = policy
                $0.wantsNewest = newest
            }
        }
        let kept = try drill(rto: 600, rpo: 600)
        #expect(kept.verdict == "recovered" && kept.exitCode == 0)
        #expect(kept.objectives.recoveryTimeMet == true && kept.objectives.recoveryPointMet == true)
        let slow = try drill(rto: 1e-6, rpo: 600)
        #expect(slow.verdict == "recovered" && slow.exitCode == 5 && slow.reasons == ["objectiveMissed"])
        #expect(slow.summary.contains("longer than") && slow.remedies.first?.sentence.contains("Shorten") == true)
        Pause.sleep(seconds: 0.01)
        let stale = try drill(rto: 600, rpo: 0.001)
        #expect(stale.verdict == "stale" && stale.exitCode == 5 && stale.evidenceLevel == "L0 present")
        #expect(stale.measuredRecoverySeconds == nil && stale.checks.isEmpty && stale.teardown == "no staging was made")
        #expect(!stale.phases.contains { $0.name == "fetch and load" && $0.shareSeconds > 0 })
        let old = try drill(rto: 600, rpo: 0.001, newest: false)
        #expect(old.verdict == "recovered" && old.objectives.recoveryPointMet == nil)
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test(
        "a phase, a check and a drill that take longer than they may end, say so, and leave nothing",
        arguments: ["phase", "drill", "check"])
    func keepsTimeouts(what: String) throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill {
            var policy = DrilledPolicy.policy { drill in
                let slow = CheckPolicy(
                    "slow", .command(argv: ["/bin/sleep", "60"], exit: 0, stdoutMatches: nil),
                    timeoutSeconds: what == "check" ? 0.2 : nil)
                drill.checks = [slow]
                drill.phaseTimeouts = what == "phase" ? [.prove: 1.5] : [:]
            }
            policy.sources.removeLast()
            $0.policy = policy
            $0.timeoutSeconds = what == "drill" ? 3 : nil
        }
        #expect(report.verdict == "unverifiable" && report.exitCode == 6, "\(report.summary)")
        #expect(report.summary.contains("took longer than"), "\(report.summary)")
        #expect((report.reasons == ["unverifiable"]) == (what == "check"), "\(report.reasons)")
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test(
        "staging that is kept after a failure stays for as long as was asked, and goes with the first drill after that")
    func keepsStaging() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let red = try system.drill {
            $0.beforeChecks = "rm \"$SALVOR_DRILL_FILES/www/empty\""
            $0.keepsFailedStaging = true
            $0.keepSeconds = 2
        }
        #expect(red.verdict == "degraded" && red.teardown.contains("kept"))
        #expect(try system.leftInStaging().count == 1)
        #expect(try system.drill().verdict == "recovered")
        #expect(try system.leftInStaging().count == 1)
        Pause.sleep(seconds: 3)
        #expect(try system.drill().findings.contains { $0.sentence.contains("removed what") })
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("a policy says which of the sources' own checks decide")
    func changesGating() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill {
            var policy = DrilledPolicy.policy {
                $0.checks = [
                    CheckPolicy("files", .brought(type: "files.manifest", source: nil), isGating: false)
                ]
            }
            policy.sources.removeLast()
            $0.policy = policy
            $0.beforeChecks = "rm \"$SALVOR_DRILL_FILES/www/empty\""
        }
        #expect(report.verdict == "recovered", "\(report.summary)")
        #expect(report.checks.contains { $0.identifier == "files.manifest" && !$0.gating && $0.result == .failed })
    }

    @Test("reports are signed, and each names the one before it by its digest")
    func chainsEvidence() throws {
        let system = try DrilledSystem()
        try system.backUp()
        for _ in 0..<3 { _ = try system.drill() }
        let index = try system.repository.loadIndex()
        let log = EvidenceLog(try system.repository.records(), in: system.repository, index: index)
        let evidence = try log.records.map { try log.read($0) }
        #expect(evidence.map(\.signature) == [.signed, .signed, .signed])
        #expect(
            evidence.map { $0.report["previous"]?.text }
                == [nil, evidence[0].digest, evidence[1].digest])
        #expect(evidence.allSatisfy { $0.report["teardown"]?.text == "staging was removed; nothing is left" })
    }
}
