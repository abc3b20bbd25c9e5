import Reports
import Testing

/// What GitHub Actions shows of a drill.
struct GitHubReportTests {
    @Test("names can neither break a table nor become links, pictures, tags or mentions")
    func escapes() {
        var report = SampleReports.degraded
        report.checks[1].differing = [
            "a|b", "<img src=x>", "[x](http://y)", "@everyone", "`code`", "www.example.org", "$x$",
        ]
        let text = GitHubReport.render(report)
        for mark in ["a|b", "<img", "[x]", "http://", "@everyone", "`code`", "www.", "$x$"] {
            #expect(!text.contains(mark), "\(mark)")
        }
        for line in text.split(separator: "\n") where line.hasPrefix("| ❌") {
            #expect(line.filter { $0 == "|" }.count == 7, "\(line)")
        }
    }

    @Test("the summary has the verdict, the phases and the checks that did not pass, and no others")
    func tells() {
        let text = GitHubReport.render(SampleReports.degraded)
        #expect(text.hasPrefix("## ❌ Restore drill of shop: degraded\n"))
        #expect(text.contains("| fetch and load | 20.0 s | yes |"))
        #expect(
            text.contains(
                "| ❌ failed | postgres.checksums | db | 12 tables | 11 tables | public.orders, public.items |"))
        #expect(text.contains("| ❔ could not run (audit) | postgres.structure |"))
        #expect(!text.contains("files.manifest"))
        #expect(text.contains("### Checks: 1 passed, 1 failed, 1 could not run"))
        #expect(text.contains("went unseen by postgres.checksums, orders are whole"))
    }

    @Test("annotations are at most eight and the number of the rest, each one workflow command")
    func annotates() {
        for (name, report) in SampleReports.all {
            let lines = AnnotationsReport.render(report).split(separator: "\n", omittingEmptySubsequences: false)
                .dropLast()
            #expect((1...9).contains(lines.count), "\(name)")
            let command = report.exitCode == 0 && report.verdict == "recovered" ? "::notice title=" : "::error title="
            for line in lines {
                let prefixes = [command, "::error title=", "::warning title="]
                #expect(prefixes.contains(where: line.hasPrefix), "\(name): \(line)")
            }
        }
        let audited = AnnotationsReport.render(SampleReports.audited).split(separator: "\n")
        #expect(audited.map { $0.prefix { $0 != " " } } == ["::notice", "::warning", "::warning"])
        let lines = AnnotationsReport.render(SampleReports.huge).split(separator: "\n")
        #expect(lines.count == 9)
        #expect(lines.last?.hasSuffix("::and 204 more") == true, "\(lines.last ?? "")")
    }

    @Test("a name cannot end an annotation's title or begin a command of its own")
    func escapesCommands() {
        var report = SampleReports.degraded
        report.system = "a,b::error::c%d\n::stop-commands::x"
        let text = AnnotationsReport.render(report)
        #expect(text.contains("title=restore drill of a%2Cb%3A%3Aerror%3A%3Ac%25d"))
        #expect(!text.contains("\n::stop"))
    }
}
