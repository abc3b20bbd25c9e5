import Reports
import Testing

/// What every way to write a report down keeps.
struct ReportFormatTests {
    static let hostile = [
        "a\nname\nwith\nlines", "\u{1b}[2J\u{1b}[1;1Hcleared", "tab\tand\u{7}bell", "\u{202e}backwards",
        "\u{85}\u{2028}\u{2029}",
        String(repeating: "x", count: 1000), String(repeating: "表", count: 300), "zero\u{200b}width\u{feff}", "", " ",
        "\"quotes\" and \\backslashes\\", "e\u{301}\u{301}\u{301}", "\u{0}",
    ]

    @Test("the same report gives the same text, and it ends with a line break", arguments: FormatCatalog.all.indices)
    func isPure(index: Int) {
        let format = FormatCatalog.all[index]
        for report in [SampleReports.recovered, SampleReports.degraded] {
            let text = format.render(report)
            #expect(text == format.render(report))
            #expect(text.utf8.last == 0x0a)
            #expect(!text.hasSuffix("\n\n"))
        }
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

    @Test(
        "no text in a report can break the layout or reach the terminal's controls",
        arguments: FormatCatalog.all.indices)
    func withstandsHostileTexts(index: Int) {
        let format = FormatCatalog.all[index]
        for text in Self.hostile {
            let rendered = format.render(SampleReports.filled(with: text))
            let controls = rendered.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7f }
            #expect(controls.isEmpty, "\(format.name): \(text.debugDescription)")
            let benign = format.render(SampleReports.filled(with: "x"))
            guard format.name == "json" else { continue }
            #expect(rendered.split(separator: "\n").count == benign.split(separator: "\n").count)
        }
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
