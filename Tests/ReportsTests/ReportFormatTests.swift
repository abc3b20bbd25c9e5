import ConformanceSuites
import Reports
import Testing

/// What every way to write a report down keeps.
struct ReportFormatTests {
    /// Every format by its name, and how wide a page of it may be; nil where machines read it.
    private static let widths: [String: Int?] = ["text": 100, "json": nil]

    @Test("a format keeps the contract of formats, whatever the report", arguments: FormatCatalog.all.indices)
    func keepsTheContract(index: Int) throws {
        let format = FormatCatalog.all[index]
        let columns = try #require(Self.widths[format.name], "this test lacks the line for \(format.name)")
        try ReportFormatSuite(format, reports: SampleReports.all, columns: columns).run()
    }

    @Test("every finding, check, leftover and gap of a report is in the text", arguments: FormatCatalog.all.indices)
    func isComplete(index: Int) {
        let report = SampleReports.degraded
        // A text may wrap anywhere between two words.
        let text = FormatCatalog.all[index].render(report).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        for finding in report.findings {
            #expect(text.contains(finding.object))
            #expect(text.contains(finding.sentence))
        }
        for check in report.checks {
            #expect(text.contains(check.identifier))
            #expect(text.contains(check.detail))
            for item in check.differing { #expect(text.contains(item)) }
        }
        for sentence in report.notTested { #expect(text.contains(sentence)) }
        for fact in report.conditions { #expect(text.contains(fact.value)) }
        #expect(text.contains("Device or resource busy"))
        #expect(text.contains("public.orders"))
    }

    @Test("no objective's name is ever put on a measurement", arguments: FormatCatalog.all.indices)
    func namesMeasurements(index: Int) {
        let text = FormatCatalog.all[index].render(SampleReports.recovered)
        #expect(!text.contains("RTO"))
        #expect(!text.contains("RPO"))
    }

    @Test("formats are found by their names, and each name is there once")
    func isACatalog() {
        #expect(Set(FormatCatalog.all.map { $0.name }).count == FormatCatalog.all.count)
        for format in FormatCatalog.all { #expect(FormatCatalog.format(named: format.name) == format) }
        #expect(FormatCatalog.format(named: "nothing") == nil)
    }
}
