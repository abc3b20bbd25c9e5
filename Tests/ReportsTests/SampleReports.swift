import Platform
import Reports

/// Reports that tests render.
enum SampleReports {
    /// Every report that a format must be able to write down, by name.
    static var all: [String: Report] {
        var reports = [
            "recovered": recovered, "degraded": degraded, "unrecoverable": unrecoverable,
            "unverifiable": unverifiable, "stale": stale, "in time": inTime, "blind": blind, "nothing to tell": bare,
            "very much to tell": huge, "old on purpose": audited,
            "the largest numbers": extreme(.max), "the smallest numbers": extreme(0),
        ]
        for (number, text) in hostile.enumerated() {
            reports["hostile text \(number)"] = filled(with: text)
            reports["hostile text \(number) between words"] = filled { "its\($0) \(text) and\($0)" }
        }
        return reports
    }

    /// Texts that somebody else chose: names of files and tables, words of a server.
    static let hostile = [
        "a\nname\nwith\nlines", "\u{1b}[2J\u{1b}[1;1Hcleared", "tab\tand\u{7}bell\u{8}\u{8}\u{8}gone",
        "\u{202e}backwards \u{2066}isolated\u{2069}", "\u{85}next\u{2028}line\u{2029}paragraph",
        "\u{9b}31mred by one byte\u{9c}", "\r\nRECOVERED: all is well\r",
        String(repeating: "x", count: 1000), String(repeating: "表", count: 300), "zero\u{200b}width\u{feff}", "", " ",
        "\"quotes\" and \\backslashes\\ and 'others' and `these`", "e\u{301}\u{301}\u{301}", "\u{0}nul\u{0}",
        "<b>bold</b> & <script>alert(\"1\")</script> ]]> <!-- -- > {{it}} %s ${HOME}", "Größe, naïve, 日本, 🚢",
        "private \u{e000} unassigned \u{378} tag \u{e0041}", String(repeating: "word ", count: 400),
    ]

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
        report.policy = Report.PolicyMark(name: "shop.salvor.json5", digest: String(repeating: "5a", count: 32))
        report.snapshot = Report.SnapshotMark(
            "1a2b3c4d5e6f", dataTime: Instant(seconds: 1_795_288_739), committed: Instant(seconds: 1_795_289_000))
        report.selection = "at random, seed 42"
        report.objectives.recoveryTimeSeconds = 2700
        report.objectives.recoveryPointSeconds = 25_200
        report.objectives.recoveryPointMet = false
        report.sources = [
            Report.SourceMark("www", adapter: "files", bytes: 964 << 20, items: 51_204, evidenceLevel: "L5 equal"),
            Report.SourceMark(
                "db", adapter: "postgres", bytes: 3 << 30, items: 48_120_331, evidenceLevel: "L4 accepted"),
        ]
        report.proofs = proofs
        report.remedies = [
            Report.Remedy(
                "let four workers build the indexes", ground: "58 % of the load is index build", minutesSaved: 9),
            Report.Remedy("keep the key of the evidence on the recovery sheet", ground: "it is on this host alone"),
        ]
        report.teardown = "one of 2 directories could not be removed"
        report.previous = String(repeating: "c0", count: 32)
        return report
    }

    /// How checks were proved: one of them does not see what it should.
    static let proofs = [
        Report.Proof(
            "a row deleted", source: "db", object: "shop: public.orders", caughtBy: ["postgres.rowCounts"], blind: []),
        Report.Proof(
            "two values swapped", source: "db", object: "shop: public.items", caughtBy: [],
            blind: ["postgres.checksums", "orders are whole"]),
    ]

    /// A drill that kept every promise, its checks proved.
    static var inTime: Report {
        var report = degraded
        report.verdict = "recovered"
        report.summary = recovered.summary
        report.exitCode = 0
        report.reasons = []
        report.evidenceLevel = "L7 in time"
        report.measuredRecoverySeconds = recovered.measuredRecoverySeconds
        report.dataLossWindowSeconds = recovered.dataLossWindowSeconds
        report.objectives.recoveryTimeMet = true
        report.objectives.recoveryPointMet = true
        report.checks = recovered.checks
        report.proofs = [proofs[0]]
        report.leftovers = []
        report.teardown = "staging was removed"
        report.previous = nil
        return report
    }

    /// A drill whose checks were shown to see nothing, and that was too slow.
    static var blind: Report {
        var report = inTime
        report.verdict = "degraded"
        report.summary = "shop came back, but a check is blind"
        report.exitCode = 4
        report.reasons = ["notRecovered", "objectiveMissed"]
        report.evidenceLevel = "L5 equal"
        report.objectives.recoveryTimeSeconds = 20
        report.objectives.recoveryTimeMet = false
        report.proofs = proofs
        return report
    }

    /// A drill that ended before anything came back.
    static var unrecoverable: Report {
        var report = recovered
        report.system = "billing"
        report.verdict = "unrecoverable"
        report.summary = "the snapshot did not come back: packs/ab/abcd is damaged"
        report.exitCode = 13
        report.reasons = ["damaged", "notRecovered"]
        report.evidenceLevel = "L0 present"
        report.measuredRecoverySeconds = nil
        report.checks = []
        report.largest = []
        report.findings = [Report.Remark("what to do", "run `salvor check --read-data`")]
        return report
    }

    /// A drill that found nothing out.
    static var unverifiable: Report {
        var report = recovered
        report.verdict = "unverifiable"
        report.summary = "whether it comes back could not be found out: no programs of PostgreSQL 15"
        report.exitCode = 6
        report.reasons = ["unverifiable"]
        report.evidenceLevel = "L0 present"
        report.checks = [
            Report.Check(
                "postgres.rowCounts", source: "ledger", result: .notRun, gating: true, seconds: 0,
                detail: "the server did not answer")
        ]
        return report
    }

    /// A drill that went well, of a snapshot that was too old for its objective, and younger than the drill's clock.
    static var stale: Report {
        var report = recovered
        report.verdict = "stale"
        report.summary = "it came back, but the newest snapshot is older than was promised"
        report.exitCode = 5
        report.reasons = ["objectiveMissed"]
        report.dataLossWindowSeconds = -7200.5
        report.objectives.recoveryPointSeconds = 3600
        report.objectives.recoveryPointMet = false
        return report
    }

    /// A drill that went well, of an older snapshot that was chosen on purpose, and whose audits did not pass.
    static var audited: Report {
        var report = recovered
        report.selection = "at random, seed 42"
        report.objectives.recoveryPointSeconds = 3600
        let results: [Report.Check.Result] = [.failed, .notRun]
        report.checks += results.map { result in
            Report.Check(
                "postgres.amcheck", source: "db", result: result, gating: false, seconds: 0.5,
                detail: "1 index is broken", expected: "none", actual: "1", differing: ["public.orders_pkey"])
        }
        return report
    }

    /// A report in which nothing is said but what must be.
    static var bare: Report {
        var report = Report(kind: "check", system: "s", identifier: "0", started: Instant(seconds: 0))
        report.verdict = "unverifiable"
        return report
    }

    /// A report of a very large system.
    static var huge: Report {
        var report = degraded
        let results: [Report.Check.Result] = [.failed, .notRun, .passed]
        for number in 0..<60 {
            var check = Report.Check(
                "files.manifest\(number)", source: "source-\(number)", result: results[number % 3],
                gating: number % 2 == 0, seconds: Double(number), detail: "detail \(number)")
            if check.result == .failed { check.differing = (0..<100).map { "folder\(number)/file\($0)" } }
            report.checks.append(check)
        }
        report.findings += (0..<500).map { Report.Remark("object \($0)", "a sentence about it") }
        report.phases += (0..<50).map { Report.Phase("phase \($0)", shareSeconds: 0.001, counted: $0 % 2 == 0) }
        report.conditions += (0..<100).map { Report.Fact("key\($0)", "label \($0)", "value \($0)") }
        report.notTested += (0..<100).map { "matter \($0)" }
        report.largest += (0..<100).map { Report.Measure("table\($0)", seconds: 1, bytes: 1) }
        report.leftovers += (0..<100).map { "/var/tmp/left\($0)" }
        report.proofs += (0..<200).map {
            Report.Proof(
                "damage \($0)", source: "source-\($0)", object: "object \($0)", caughtBy: ["check \($0)"],
                blind: $0 % 3 == 0 ? ["blind \($0)"] : [])
        }
        report.remedies += (0..<100).map { Report.Remedy("do \($0)", ground: "since \($0)", minutesSaved: Double($0)) }
        report.sources += (0..<100).map {
            Report.SourceMark("source-\($0)", adapter: "files", bytes: 1, items: 1, evidenceLevel: "L5 equal")
        }
        return report
    }

    /// A report whose every number is the largest of its kind, or nothing.
    static func extreme(_ count: UInt64) -> Report {
        var report = degraded
        let seconds = count == 0 ? 0 : 1e300
        report.exitCode = count == 0 ? .min : .max
        report.started = Instant(seconds: count == 0 ? .min : .max, nanoseconds: count == 0 ? 0 : 999_999_999)
        report.ended = Instant(seconds: count == 0 ? .max : .min)
        report.measuredRecoverySeconds = seconds
        report.dataLossWindowSeconds = -seconds
        report.phases = [
            Report.Phase("access", shareSeconds: seconds, counted: true, bytes: count),
            Report.Phase("fetch and load", shareSeconds: 0.02, counted: true, bytes: count),
            Report.Phase("teardown", shareSeconds: -seconds, counted: false, bytes: count),
        ]
        for index in report.checks.indices {
            report.checks[index].compared = count
            report.checks[index].seconds = seconds
        }
        report.largest = [Report.Measure("public.orders", seconds: seconds, bytes: count)]
        report.objectives.recoveryTimeSeconds = seconds
        report.objectives.recoveryPointSeconds = -seconds
        report.sources = [
            Report.SourceMark("db", adapter: "postgres", bytes: count, items: count, evidenceLevel: "L5 equal")
        ]
        report.remedies = [Report.Remedy("wait", ground: "it takes long", minutesSaved: seconds)]
        report.snapshot = Report.SnapshotMark("0", dataTime: report.ended, committed: report.started)
        return report
    }

    /// A report whose every text is `text`.
    static func filled(with text: String) -> Report { filled { _ in text } }

    /// A report with a text of one's own for each field; the closure gets the field's name.
    private static func filled(_ text: (String) -> String) -> Report {
        var report = degraded
        report.system = text("system")
        report.verdict = text("verdict")
        report.summary = text("summary")
        report.evidenceLevel = text("level")
        report.reasons = [text("reason")]
        report.identifier = text("identifier")
        report.phases = [Report.Phase(text("phase"), shareSeconds: 1, counted: true, bytes: 1, note: text("note"))]
        report.checks = [
            Report.Check(
                text("check"), source: text("source"), result: .failed, gating: true, seconds: 1,
                detail: text("detail"), expected: text("expected"), actual: text("actual") + text("more"),
                differing: [text("one"), text("other")], compared: UInt64(Int64.max))
        ]
        report.findings = [Report.Remark(text("object"), text("sentence"))]
        report.largest = [Report.Measure(text("measure"), seconds: 1e9, bytes: UInt64(Int64.max))]
        report.conditions = [Report.Fact(text("key"), text("label"), text("value"))]
        report.notTested = [text("gap")]
        report.leftovers = [text("leftover")]
        return marked(report, text)
    }

    private static func marked(_ report: Report, _ text: (String) -> String) -> Report {
        var report = report
        report.policy = Report.PolicyMark(name: text("policy"), digest: text("digest"))
        report.snapshot = Report.SnapshotMark(text("snapshot"), dataTime: report.started, committed: report.ended)
        report.selection = text("selection")
        report.sources = [
            Report.SourceMark(
                text("came"), adapter: text("adapter"), bytes: 1, items: 1, evidenceLevel: text("reached"))
        ]
        report.proofs = [
            Report.Proof(
                text("damage"), source: text("damaged"), object: text("hit"), caughtBy: [text("caught")],
                blind: [text("blind")])
        ]
        report.remedies = [Report.Remedy(text("remedy"), ground: text("ground"), minutesSaved: 1)]
        report.teardown = text("teardown")
        report.previous = text("previous")
        return report
    }
}
