import Formats
import Platform
import Reports
import Testing

/// The file for the node exporter, and the alerts over it.
struct PrometheusReportTests {
    @Test("whatever is in a repository, the file is one that the collector takes")
    func isReadable() throws {
        for (name, report) in SampleReports.all {
            let text = PrometheusReport.render(SampleBooks.repository(report))
            do { _ = try ExpositionReading(text) } catch { Issue.record("\(name): \(error)") }
        }
        let empty = RepositoryBook(location: "/backup", version: "1", systems: [], now: Instant(seconds: 0))
        #expect(
            try ExpositionReading(PrometheusReport.render(empty)).metrics == [
                "salvor_build_info", "salvor_unreadable_records", "salvor_forged_reports",
            ])
    }

    @Test("the last drill, what was promised and what can be restored are told for each system")
    func tells() throws {
        let text = PrometheusReport.render(SampleBooks.repository(SampleReports.blind))
        let samples = try ExpositionReading(text).samples
        func value(_ name: String, _ system: String = "shop", _ more: String = "") -> Double? {
            samples["\(name){repository=\"/backup/shop\",system=\"\(system)\"\(more)}"]
        }
        #expect(value("salvor_drill_last_timestamp_seconds") == 1_795_299_801)
        #expect(value("salvor_drill_last_timestamp_seconds", "never drilled") == 0)
        #expect(value("salvor_drill_last_success_timestamp_seconds", "never drilled") == 0)
        #expect(value("salvor_drill_verdict", "never drilled", ",verdict=\"recovered\"") == nil)
        #expect(value("salvor_drill_verdict", "shop", ",verdict=\"degraded\"") == 1)
        #expect(value("salvor_drill_verdict", "shop", ",verdict=\"recovered\"") == 0)
        #expect(value("salvor_drill_verdict", "shop", ",verdict=\"unrecoverable\"") == 0)
        #expect(value("salvor_drill_evidence_level") == 5)
        #expect(value("salvor_drill_recovery_seconds") == 20.5)
        #expect(value("salvor_drill_data_loss_seconds") == 11_040)
        #expect(value("salvor_drill_phase_seconds", "shop", ",phase=\"fetch and load\"") == 20)
        #expect(value("salvor_drill_phase_seconds", "shop", ",phase=\"teardown\"") == nil)
        #expect(value("salvor_drill_checks", "shop", ",gating=\"true\",result=\"passed\"") == 1)
        #expect(value("salvor_drill_checks", "shop", ",gating=\"true\",result=\"could_not_run\"") == 0)
        #expect(value("salvor_drill_checks", "shop", ",gating=\"false\",result=\"failed\"") == 0)
        #expect(value("salvor_drill_blind_checks") == 1)
        #expect(value("salvor_objective_rto_seconds") == 20)
        #expect(value("salvor_objective_rpo_seconds") == 25_200)
        #expect(value("salvor_recovery_points") == 155)
        #expect(value("salvor_recovery_points", "nothing left") == 0)
        #expect(value("salvor_recovery_point_data_timestamp_seconds", "nothing left") == 0)
        #expect(value("salvor_source_items", "shop", ",source=\"www\"") == 51_204)
        #expect(value("salvor_source_items", "shop", ",source=\"db\"") == nil)
        #expect(samples["salvor_build_info{repository=\"/backup/shop\",version=\"1.2.3\"}"] == 1)
    }

    @Test("checks that decide and audits are counted apart, so that an alert may look at the former alone")
    func gating() throws {
        let text = PrometheusReport.render(SampleBooks.repository(SampleReports.audited))
        let samples = try ExpositionReading(text).samples
        for (labels, count) in [
            ("gating=\"true\",result=\"failed\"", 0.0), ("gating=\"true\",result=\"could_not_run\"", 0),
            ("gating=\"false\",result=\"failed\"", 1), ("gating=\"false\",result=\"could_not_run\"", 1),
            ("gating=\"true\",result=\"passed\"", 1), ("gating=\"false\",result=\"passed\"", 0),
        ] {
            let name = "salvor_drill_checks{repository=\"/backup/shop\",system=\"shop\",\(labels)}"
            #expect(samples[name] == count, "\(labels)")
        }
        let rule = try #require(Self.rules().split(separator: "alert: ").first { $0.hasPrefix("SalvorChecksFailed") })
        #expect(rule.contains("salvor_drill_checks{gating=\"true\",result=~\"failed|could_not_run\"} > 0"))
    }

    @Test("labels are escaped, and two phases of one name are one series")
    func escapes() throws {
        var report = SampleReports.recovered
        report.system = "a\"b\\c\nd"
        report.phases = [
            Report.Phase("same", shareSeconds: 1, counted: true), Report.Phase("same", shareSeconds: 2, counted: true),
        ]
        let text = PrometheusReport.render(SampleBooks.repository(report))
        #expect(text.contains("system=\"a\\\"b\\\\c\\\\u{a}d\",phase=\"same\"} 3\n"))
        _ = try ExpositionReading(text)
    }

    @Test("every metric that an alert rule names is emitted")
    func emitsWhatAlertsName() throws {
        let emitted = try ExpositionReading(PrometheusReport.render(SampleBooks.repository(SampleReports.blind)))
            .metrics
        let named = try Self.rules().split { !($0.isLetter || $0.isNumber || $0 == "_") }
            .filter { $0.hasPrefix("salvor_") }.map { String($0) }
        #expect(named.count > 15)
        for metric in named { #expect(emitted.contains(metric), "an alert waits for \(metric)") }
    }

    @Test(
        "Prometheus' own tool takes the file and the rules, and each alert fires when it should",
        .enabled(if: PrometheusReportTests.promtool != nil, "promtool is not installed"))
    func satisfiesPromtool() throws {
        let tool = try #require(Self.promtool)
        let file = PrometheusReport.render(SampleBooks.repository(SampleReports.degraded))
        try Self.run([tool, "check", "metrics"], input: Array(file.utf8))
        try Self.run([tool, "check", "rules", "\(Self.root)/Policies/prometheus-rules.yml"])
        // The test names its rules by an absolute path, so that it may lie anywhere.
        let test = try Self.text("Tests/ReportsTests/Readers/prometheus-rules-test.yml")
        let path = "/tmp/salvor-rules-test-\(Host.processID).yml"
        let placed = test.split(separator: "[RULES]").joined(separator: "[\(Self.root)/Policies/prometheus-rules.yml]")
        try FileTree.write(Array(placed.utf8), to: Array(path.utf8))
        defer { try? FileTree.remove(Array(path.utf8)) }
        try Self.run([tool, "test", "rules", path])
    }

    private static let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        (try? FileStatus(of: Array($0.utf8), following: true)) != nil
    }

    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private static func rules() throws -> String { try text("Policies/prometheus-rules.yml") }

    private static func text(_ path: String) throws -> String {
        String(decoding: try FileTree.read(Array("\(root)/\(path)".utf8), limit: 1 << 20), as: UTF8.self)
    }

    private static func run(_ words: [String], input: [UInt8] = []) throws {
        let outcome = try ChildProcess.run(words, environment: ["PATH": "/usr/bin:/bin"], input: input, directory: "/")
        #expect(
            outcome.ending.code == 0,
            "\(words.joined(separator: " ")): \(outcome.complaint) \(String(decoding: outcome.output, as: UTF8.self))")
    }
}
