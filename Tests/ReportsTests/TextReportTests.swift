import Reports
import Testing

/// The report that a person reads.
struct TextReportTests {
    @Test("a line break in a table's name does not begin a line of the report")
    func keepsItsLines() {
        let name = "orders\nRECOVERED: all is well"
        var report = SampleReports.degraded
        report.checks[1].differing = [name]
        let lines = TextReport.render(report).split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("RECOVERED") })
        #expect(lines.contains { $0.contains("orders\\u{a}RECOVERED") })
    }

    @Test("the verdict comes first, failed checks before passed ones, with what was expected and found")
    func leadsWithTheVerdict() throws {
        let text = TextReport.render(SampleReports.degraded)
        #expect(text.hasPrefix("DEGRADED: shop came back, but 1 required check failed"))
        let failed = try #require(text.firstRange(of: "FAILED"))
        let passed = try #require(text.firstRange(of: "files.manifest"))
        #expect(failed.lowerBound < passed.lowerBound)
        #expect(text.contains("expected  12 tables"))
        #expect(text.contains("found     11 tables"))
        #expect(text.contains("Checks: 1 passed, 1 failed, 1 could not run"))
    }

    @Test("the phases' times and percentages add up, and what is not counted says so")
    func showsPhases() {
        let text = TextReport.render(SampleReports.recovered)
        #expect(text.contains("measured recovery time  20.5 s, from a repository and a key"))
        #expect(text.contains("data-loss window        3 h 04 min"))
        #expect(text.contains("2.4 %"))
        #expect(text.contains("97.6 %"))
        #expect(text.contains("964 MiB, 48.2 MiB/s; 51,204 entries"))
        #expect(text.contains("not counted"))
    }
}
