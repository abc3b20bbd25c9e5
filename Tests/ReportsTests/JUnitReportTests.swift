import Formats
import Platform
import Reports
import Testing

/// The report that a CI server counts.
struct JUnitReportTests {
    @Test("a strict reader of XML, holding it against the readers' schema, takes every report")
    func isValid() throws {
        for (name, report) in SampleReports.all {
            let outcome = try ChildProcess.run(
                ["/usr/bin/python3", "-B", Self.script, name == "nothing to tell" ? "bare" : "drill"],
                environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
                input: Array(JUnitReport.render(SampleBooks.book(of: report)).utf8), directory: "/")
            #expect(outcome.ending.code == 0, "\(name): \(outcome.complaint)")
        }
    }

    @Test("a failed check is a failure and one that could not run an error, with what was expected in the text")
    func tellsTroubles() {
        let text = JUnitReport.render(SampleReports.degraded)
        #expect(text.contains("<failure type=\"mismatch\" message=\"the rows of 1 table differ\">"))
        #expect(text.contains("expected: 12 tables\nfound: 11 tables\ndiffers: public.orders\ndiffers: public.items\n"))
        #expect(
            JUnitReport.render(SampleReports.unverifiable)
                .contains("<error type=\"couldNotRun\" message=\"the server did not answer\">"))
        #expect(text.contains("<failure type=\"rpo\""))
        #expect(text.contains("<error type=\"notMeasured\""))
        #expect(text.contains("<failure type=\"blind\""))
        #expect(text.contains("classname=\"salvor.shop\" name=\"phase: fetch and load\" time=\"20.000\"/>"))
        #expect(!text.contains("<skipped"))
        #expect(text.contains("tests=\"10\" failures=\"4\" errors=\"1\""))
    }

    @Test("a snapshot that was chosen on purpose is not held against the RPO, and that is no trouble")
    func chosenOnPurpose() {
        var report = SampleReports.recovered
        report.objectives.recoveryPointSeconds = 3600
        let text = JUnitReport.render(report)
        #expect(text.contains("failures=\"0\" errors=\"0\""))
        #expect(!text.contains("name=\"objective: RPO\""), "what was not held is neither green nor red")
        #expect(text.contains("not held against the RPO"))
        // Nothing was measured: the drill ended before it knew its snapshot.
        report.dataLossWindowSeconds = nil
        #expect(JUnitReport.render(report).contains("<error type=\"notMeasured\""))
    }

    @Test("an audit never makes a board red: what it found is told beside a case that is named an audit")
    func audits() {
        var report = SampleReports.recovered
        let results: [Report.Check.Result] = [.failed, .notRun]
        report.checks += results.map { result in
            Report.Check(
                "amcheck \(result)", source: "db", result: result, gating: false, seconds: 0, detail: "not well")
        }
        let text = JUnitReport.render(report)
        #expect(text.contains("failures=\"0\" errors=\"0\"") && !text.contains("<skipped"))
        #expect(text.contains("name=\"audit: amcheck failed (db)\""))
        #expect(text.contains("<system-out>failed, without failing the drill\nnot well\n</system-out>"))
        #expect(text.contains("<system-out>could not run, without failing the drill\nnot well\n</system-out>"))
        report.checks[1].gating = true
        #expect(JUnitReport.render(report).contains("failures=\"1\" errors=\"0\""))
    }

    @Test("a drill that did not come to its checks has an error, whatever its verdict")
    func tellsWhatWasNotReached() {
        #expect(JUnitReport.render(SampleReports.unrecoverable).contains("<error type=\"notReached\""))
        #expect(JUnitReport.render(SampleReports.bare).contains("<error type=\"notReached\""))
    }

    @Test("a file is green exactly when the drill is", arguments: SampleReports.all.keys.sorted())
    func agreesWithTheExitCode(name: String) throws {
        let report = try #require(SampleReports.all[name])
        let text = JUnitReport.render(report)
        let isGreen = text.contains("failures=\"0\" errors=\"0\"")
        #expect(isGreen == (report.exitCode == 0 && report.verdict == "recovered"))
    }

    @Test("a verdict that is not recovered is red, even where every check passed and the exit code says nothing")
    func doubtsTheVerdict() {
        var report = SampleReports.recovered
        report.verdict = "unverifiable"
        #expect(JUnitReport.render(report).contains("failures=\"0\" errors=\"1\""))
        report.verdict = "stale"
        #expect(JUnitReport.render(report).contains("failures=\"1\" errors=\"0\""))
    }

    private static var script: String {
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Readers/junit_schema.py"
    }
}
