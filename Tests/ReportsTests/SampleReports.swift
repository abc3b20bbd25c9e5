import Platform
import Reports

/// Reports that tests render.
enum SampleReports {
    /// A drill that went well.
    static var recovered: Report {
        var report = Report(
            kind: "drill", system: "shop", identifier: "0123456789abcdef",
            started: Instant(seconds: 1_795_299_779, nanoseconds: 120_000_000))
        report.ended = Instant(seconds: 1_795_299_801, nanoseconds: 500)
        report.verdict = "recovered"
        report.summary = "shop came back whole from snapshot 1a2b3c4d5e6f"
        report.evidenceLevel = "L5 equal"
        report.measuredRecoverySeconds = 20.5
        report.dataLossWindowSeconds = 11_040
        report.phases = [
            Report.Phase("access", shareSeconds: 0.5, counted: true),
            Report.Phase("fetch and load", shareSeconds: 20, counted: true, bytes: 964 << 20, note: "51,204 entries"),
            Report.Phase("teardown", shareSeconds: 1.25, counted: false),
        ]
        report.checks = [
            Report.Check(
                "files.manifest", source: "www", result: .passed, gating: true, seconds: 1.5,
                detail: "every entry is as it was", expected: "51,204 entries", actual: "51,204 entries",
                compared: 51_204)
        ]
        report.conditions = [Report.Fact("tool", "salvor", "1.0"), Report.Fact("cache", "cache", "cold")]
        report.notTested = ["whether an application starts on what came back"]
        report.largest = [Report.Measure("public.orders", seconds: 4.2, bytes: 1 << 30)]
        return report
    }

    /// A drill in which everything that can be told is told.
    static var degraded: Report {
        var report = recovered
        report.verdict = "degraded"
        report.summary = "shop came back, but 1 required check failed: postgres.checksums of db (public.orders)"
        report.exitCode = 4
        report.reasons = ["notRecovered", "leftBehind"]
        report.evidenceLevel = nil
        report.measuredRecoverySeconds = nil
        report.dataLossWindowSeconds = nil
        report.checks.append(
            Report.Check(
                "postgres.checksums", source: "db", result: .failed, gating: true, seconds: 0.25,
                detail: "the rows of 1 table differ", expected: "12 tables", actual: "11 tables",
                differing: ["public.orders", "public.items"], compared: 12))
        report.checks.append(
            Report.Check(
                "postgres.structure", source: "db", result: .notRun, gating: false, seconds: 0,
                detail: "the server did not answer"))
        report.findings = [Report.Remark("www/socket", "sockets are made anew"), Report.Remark("", "a remark on all")]
        report.leftovers = ["/var/tmp/salvor-drill-0123456789abcdef/files/x is left: Device or resource busy"]
        return report
    }

    /// A report whose every text is `text`.
    static func filled(with text: String) -> Report {
        var report = degraded
        report.system = text
        report.verdict = text
        report.summary = text
        report.evidenceLevel = text
        report.reasons = [text]
        report.identifier = text
        report.phases = [Report.Phase(text, shareSeconds: 1, counted: true, bytes: 1, note: text)]
        report.checks = [
            Report.Check(
                text, source: text, result: .failed, gating: true, seconds: 1, detail: text, expected: text,
                actual: text + text, differing: [text, text], compared: UInt64(Int64.max))
        ]
        report.findings = [Report.Remark(text, text)]
        report.largest = [Report.Measure(text, seconds: 1e9, bytes: UInt64(Int64.max))]
        report.conditions = [Report.Fact(text, text, text)]
        report.notTested = [text]
        report.leftovers = [text]
        return report
    }
}
