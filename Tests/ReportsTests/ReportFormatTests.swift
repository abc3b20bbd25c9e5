import ConformanceSuites
import Reports
import Testing

/// What every way to write a report down keeps.
struct ReportFormatTests {
    private typealias Limits = ReportFormatSuite.Limits

    /// Every format by its name, and what it may leave away.
    private static let limits: [String: Limits] = [
        "text": Limits(columns: 100), "json": Limits(),
        "html": Limits(bytes: 400_000, differing: 20, checks: 40, leftovers: 30, letters: 200),
        "junit": Limits(),
        "github": Limits(bytes: 60_000, differing: 10, checks: 30, leftovers: 20, letters: 160),
        "annotations": Limits(bytes: 10_000, differing: 3, checks: 5, leftovers: 0, letters: 100),
    ]
    /// The formats of one drill in which a person reads everything.
    private static let whole = ["text", "json"]

    @Test("a format keeps the contract of formats, whatever the report", arguments: FormatCatalog.all.map { $0.name })
    func keepsTheContract(name: String) throws {
        let format = try #require(FormatCatalog.format(named: name))
        let limits = try #require(Self.limits[name], "this test lacks the line for \(name)")
        try ReportFormatSuite(name, reports: SampleReports.all, limits: limits) { format.render($0) }.run()
        try ReportFormatSuite(name, reports: SampleReports.all, limits: limits) {
            format.render(SampleBooks.book(of: $0))
        }.run()
    }

    @Test("a format of repositories keeps it too", arguments: FormatCatalog.ofRepositories.map { $0.name })
    func keepsTheContractOfRepositories(name: String) throws {
        let format = try #require(FormatCatalog.repositoryFormat(named: name))
        // Numbers of checks and leftovers are told, and not their names.
        let limits = Limits(differing: 0, checks: 0, leftovers: 0)
        try ReportFormatSuite(name, reports: SampleReports.all, limits: limits) {
            format.render(SampleBooks.repository($0))
        }.run()
    }

    @Test("every finding, check, proof, remedy, leftover and gap of a report is in the text", arguments: whole)
    func isComplete(name: String) throws {
        let report = SampleReports.degraded
        let format = try #require(FormatCatalog.format(named: name))
        // A text may wrap anywhere between two words.
        let text = format.render(report).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        for finding in report.findings {
            #expect(text.contains(finding.object))
            #expect(text.contains(finding.sentence))
        }
        for check in report.checks {
            #expect(text.contains(check.identifier))
            #expect(text.contains(check.detail))
            for item in check.differing { #expect(text.contains(item)) }
        }
        for proof in report.proofs {
            for word in [proof.damage, proof.source, proof.object] + proof.caughtBy + proof.blind {
                #expect(text.contains(word), "\(word)")
            }
        }
        for remedy in report.remedies {
            #expect(text.contains(remedy.sentence))
            #expect(text.contains(remedy.ground))
        }
        for source in report.sources { #expect(text.contains(source.evidenceLevel)) }
        for sentence in report.notTested + [report.teardown, report.selection] { #expect(text.contains(sentence)) }
        for fact in report.conditions { #expect(text.contains(fact.value)) }
        #expect(text.contains("Device or resource busy"))
        #expect(text.contains("public.orders"))
        #expect(text.contains(report.policy?.digest ?? "?"))
    }

    @Test("no objective's name is ever put on a measurement", arguments: FormatCatalog.all.map { $0.name })
    func namesMeasurements(name: String) throws {
        let text = try #require(FormatCatalog.format(named: name)).render(SampleBooks.book(of: SampleReports.recovered))
        #expect(!text.contains("RTO"))
        #expect(!text.contains("RPO"))
    }

    @Test("formats are found by their names, and each name is there once")
    func isACatalog() {
        let names = FormatCatalog.all.map { $0.name } + FormatCatalog.ofRepositories.map { $0.name }
        #expect(Set(names).count == names.count)
        for format in FormatCatalog.all { #expect(FormatCatalog.format(named: format.name) == format) }
        #expect(FormatCatalog.format(named: "nothing") == nil)
    }
}
