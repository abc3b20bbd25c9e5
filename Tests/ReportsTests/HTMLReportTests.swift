import Platform
import Reports
import Testing

/// The page that a person shows to an auditor.
struct HTMLReportTests {
    private static let pages: [String: Report] = SampleReports.all

    @Test("a page needs no network and no script, and refers to nothing outside itself")
    func standsAlone() {
        for (name, report) in Self.pages {
            let page = HTMLReport.render(SampleBooks.book(of: report)).lowercased()
            // What comes from outside is escaped: it cannot hold any of these.
            for door in [
                "<script", "<link", "<img", "<iframe", " src=\"", "url(h", "@import", " onload=\"", "href=\"h",
            ] {
                #expect(!page.contains(door), "\(name) has \(door)")
            }
        }
    }

    @Test("whatever is in a report, the page is well-formed: every tag is closed in order")
    func isWellFormed() throws {
        for (name, report) in Self.pages {
            let page = HTMLReport.render(SampleBooks.book(of: report))
            #expect(MarkupReading.problem(in: page, mayStayOpen: ["meta", "!doctype"]) == nil, "\(name)")
        }
    }

    @Test("names of files and tables never become markup")
    func escapes() {
        var report = SampleReports.degraded
        report.checks[1].differing = ["<b>&\"'"]
        report.system = "\"><script>"
        let page = HTMLReport.render(report)
        #expect(page.contains("<code>&lt;b&gt;&amp;&quot;&#39;</code>"))
        #expect(page.contains("&quot;&gt;&lt;script&gt;"))
        #expect(!page.contains("<b>"))
    }

    @Test("a page stays below 400 kB however long a history, how many snapshots and how large names there are")
    func staysSmall() {
        var report = SampleReports.huge
        let name = String(repeating: "\u{e0041}'", count: 600)
        for index in report.checks.indices {
            report.checks[index].detail = name
            report.checks[index].differing = (0..<100).map { "\($0)\(name)" }
        }
        report.findings = (0..<1000).map { Report.Remark("\($0)\(name)", name) }
        report.notTested = report.findings.map(\.sentence)
        report.leftovers = report.notTested
        report.summary = name
        report.conditions = (0..<1000).map { Report.Fact("\($0)", name, name) }
        report.proofs = (0..<1000).map { _ in
            Report.Proof(name, source: name, object: name, caughtBy: [name], blind: [name])
        }
        report.phases = (0..<1000).map { Report.Phase("\($0)\(name)", shareSeconds: 1, counted: true, note: name) }
        report.largest = (0..<1000).map { Report.Measure("\($0)\(name)", seconds: 1, bytes: 1) }
        report.remedies = (0..<1000).map { _ in Report.Remedy(name, ground: name) }
        report.verdict = name
        var book = SampleBooks.book(of: report, drills: 1000)
        book.points = (0..<20_000).map { number in
            let data = Instant(seconds: report.started.seconds - Int64(20_000 - number) * 120)
            return RecoveryPoint("\(number)", dataTime: data, committed: data, bytes: 1)
        }
        let page = HTMLReport.render(book)
        #expect(page.utf8.count <= 400_000, "\(page.utf8.count) bytes")
        #expect(page.contains("more; the report as JSON has all of them"))
    }

    @Test("the verdict is said in words with what was measured, allowed, proven and not shown")
    func saysTheVerdict() {
        let page = HTMLReport.render(SampleBooks.book(of: SampleReports.blind))
        #expect(page.contains("Measured 20.5 s, 0.50 s more than the allowed 20.0 s."))
        #expect(page.contains("3 h 04 min of data of the allowed 7 h 00 min."))
        #expect(page.contains("Proven to L5 equal: its content equals what the source itself said"))
        #expect(page.contains("whether an application starts on what came back"))
        #expect(page.contains("✕ missed"))
        #expect(page.contains("✓ kept"))
        #expect(page.contains("stayed green: postgres.checksums, orders are whole"))
        let open = HTMLReport.render(SampleReports.unrecoverable)
        #expect(open.contains("No recovery time was measured"))
        #expect(open.contains("no objective was set"))
    }

    @Test("a wrong signature and a broken chain are told before everything else")
    func tellsDoubts() throws {
        var book = SampleBooks.book(of: SampleReports.degraded)
        book.evidence?.signature = .wrong
        book.evidence?.chain = .broken
        for text in [HTMLReport.render(book), TextReport.render(book)] {
            let doubt = try #require(text.firstRange(of: "the signature is wrong"))
            let link = try #require(text.firstRange(of: "is not in the repository"))
            let phases = try #require(text.firstRange(of: "fetch and load"))
            #expect(doubt.lowerBound < phases.lowerBound && link.lowerBound < phases.lowerBound)
        }
    }

    @Test("a report that names one before it is believed only where that one is")
    func followsTheChain() {
        let (began, before) = (Instant(seconds: 100), Instant(seconds: 99))
        func standing(_ previous: String?, _ digests: Set<String>, older: [Instant]) -> EvidenceStanding {
            EvidenceStanding(digest: "b", previous: previous, among: digests, older: older, started: began)
        }
        #expect(standing(nil, ["b"], older: []).chain == .first)
        #expect(standing("a", ["a", "b"], older: [before]).chain == .linked)
        let broken = standing("a", ["b"], older: [])
        #expect(broken.chain == .broken)
        #expect(broken.alarms.count == 1)
        let cutOff = standing(nil, ["a", "b", "c"], older: [before, began])
        #expect(cutOff.chain == .cutOff && cutOff.alarms.count == 1)
        #expect(standing(nil, ["a", "b"], older: [began]).chain == .forked)
        #expect(standing(nil, ["a", "b"], older: [began]).alarms.isEmpty)
    }

    @Test("only drills under the same conditions are joined in the history")
    func joinsWhatCanBeCompared() {
        var earlier = SampleReports.recovered
        earlier.identifier = "earlier"
        earlier.started.seconds -= 86_400
        let joined = ReportBook(SampleReports.recovered, history: [earlier, SampleReports.recovered])
        #expect(HTMLReport.render(joined).contains("class=\"joint\""))
        earlier.conditions = [Report.Fact("scope", "scope", "a sample"), Report.Fact("cache", "cache", "cold")]
        let apart = ReportBook(SampleReports.recovered, history: [earlier, SampleReports.recovered])
        #expect(!HTMLReport.render(apart).contains("class=\"joint\""))
    }
}
