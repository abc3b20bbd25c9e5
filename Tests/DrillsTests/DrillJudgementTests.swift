import Glibc
import Platform
import Reports
import Testing

@testable import Drills

/// What is concluded from what happened.
struct DrillJudgementTests {
    private func judge(
        _ failure: Failure? = nil, _ checks: [Report.Check] = [], level: EvidenceLevel = .accepted
    ) -> DrillJudgement {
        var judgement = DrillJudgement(
            system: "shop", snapshot: "snapshot 1a2b3c4d", dataTime: "2026-11-21T22:22:59Z", failure: failure)
        judgement.checks = checks
        judgement.levelReached = level
        return judgement
    }

    private func check(_ result: Report.Check.Result, gating: Bool = true, differing: [String] = []) -> Report.Check {
        Report.Check(
            "postgres.checksums", source: "db", result: result, gating: gating, seconds: 1, detail: "a detail",
            differing: differing)
    }

    @Test("all checks passed: recovered, exit 0, equal to the source")
    func recovered() {
        let judgement = judge(nil, [check(.passed), check(.failed, gating: false)])
        #expect(judgement.verdict == .recovered)
        #expect(judgement.reasons.isEmpty)
        #expect(judgement.level == .equal)
    }

    @Test("without a single required check nothing is said to be equal")
    func provesNothingWithoutChecks() {
        #expect(judge(nil, []).level == .accepted)
        #expect(judge(nil, [check(.passed, gating: false)]).level == .accepted)
    }

    @Test("a failed required check: degraded, exit 4, its first difference in the sentence")
    func degraded() {
        let judgement = judge(nil, [check(.passed), check(.failed, differing: ["public.orders", "public.items"])])
        #expect(judgement.verdict == .degraded)
        #expect(judgement.reasons == [.notRecovered])
        #expect(judgement.level == .accepted)
        #expect(judgement.summary.contains("postgres.checksums of db: public.orders and 1 more"))
    }

    @Test("a required check that could not run is no pass: unverifiable, exit 6")
    func unverifiable() {
        let judgement = judge(nil, [check(.passed), check(.notRun)])
        #expect(judgement.verdict == .unverifiable)
        #expect(judgement.reasons == [.unverifiable])
        #expect(judgement.summary.contains("a detail"))
    }

    @Test(
        "what lies with the repository is unrecoverable, what lies with this machine is unverifiable",
        arguments: [
            (Failure(.damaged, "packs/ab is damaged"), DrillVerdict.unrecoverable, Int32(13)),
            (Failure(.wrongKey, "this key opens no data"), .unrecoverable, 12),
            (Failure(.failed, "the server refuses the rows"), .unrecoverable, 4),
            (Failure(.failed, "cannot write", systemError: ENOSPC), .unverifiable, 6),
            (Failure(.unverifiable, "no server programs"), .unverifiable, 6),
            (Failure(.unreachable, "the store does not answer"), .unverifiable, 6),
            (Failure(.interrupted, "interrupted (Ctrl-C)"), .unverifiable, 130),
            (Failure(.terminated, "stopped"), .unverifiable, 143),
        ])
    func failures(failure: Failure, verdict: DrillVerdict, exit: Int32) {
        let judgement = judge(failure, level: .present)
        #expect(judgement.verdict == verdict)
        #expect(judgement.reasons.first?.exitCode == exit)
        #expect(judgement.summary.contains(failure.sentence))
    }

    @Test("what is left behind and what is missing are told beside the verdict: the graver decides the exit code")
    func combines() {
        var judgement = judge(nil, [check(.passed)])
        judgement.isIncomplete = true
        #expect(judgement.reasons == [.incomplete])
        judgement.hasLeftovers = true
        #expect(judgement.reasons == [.leftBehind, .incomplete])
        #expect(judgement.verdict == .recovered)
        judgement.checks = [check(.failed)]
        #expect(judgement.reasons == [.notRecovered, .leftBehind, .incomplete])
    }
}
