import Formats
import Platform
import Reports
import Sealing
import Storage
import TestDoubles
import Testing

@testable import Commands
@testable import Repositories

@Suite("Evidence that cannot be trusted")
struct DoubtfulEvidenceTests {
    private let workshop: Workshop
    /// The report of the one drill that was made.
    private let honest: Report

    init() throws {
        workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        #expect(workshop.run("backup", "shop", "--system", "web").exit == 0)
        try FileTree.makeDirectories(workshop.folder.path("staging"), mode: 0o755)
        #expect(workshop.run("drill", "-q", "--staging", "staging").exit == 0)
        let stored = workshop.run("report", "--format", "json").output
        honest = try ReportCoding.report(from: JSONParser.parse(Array(stored.utf8)))
    }

    /// Puts another report into the repository, as a drill would; with a signature, one that is wrong.
    private func store(_ report: Report, signature: [UInt8]? = nil) throws {
        let repository = try Repository.open(
            LocalStore(path: Array(workshop.repository.utf8)),
            credential: .password(SecretBytes(Array(workshop.password.utf8))))
        let drilled = try #require(
            try repository.records { _, failure in throw failure }.first { $0.kind == .snapshot })
        let value = ReportCoding.value(of: report)
        guard let signature else {
            let commit = EvidenceCommit(drilled: drilled, report: value, started: report.started, tool: "salvor")
            _ = try commit.commit(to: repository)
            return
        }
        let session = try WriteSession(repository, purpose: "evidence", clock: SystemClock())
        let writer = try MetadataWriter(repository, session: session)
        var record = SnapshotRecord(.evidence, session: session.id)
        record.system = drilled.system
        record.host = drilled.host
        record.dataTime = drilled.dataTime
        record.heads = session.heads
        record.drilled = drilled.session
        record.report = try writer.store(JSONWriter.bytes(value))
        record.signature = signature
        try writer.finish()
        record.committedBy = SystemClock().now()
        try session.commit(record)
    }

    /// A later report of the same system that says all was well.
    private func later(seconds: Int64 = 0) -> Report {
        var report = honest
        report.identifier = "feedfeedfeedfeed"
        report.started = Instant(seconds: SystemClock().now().seconds + seconds)
        report.ended = Instant(seconds: report.started.seconds + 1)
        return report
    }

    /// A text without its line breaks.
    private func unwrapped(_ text: String) -> String {
        text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    @Test("a report with a wrong signature counts neither in the metrics nor in the history, and both say so")
    func forged() throws {
        var report = later()
        report.ended.seconds += 30
        try store(report, signature: [UInt8](repeating: 7, count: 64))
        let metrics = workshop.run("report", "--format", "prometheus").output
        let labels = "repository=\"\(workshop.repository)\",system=\"web\""
        #expect(metrics.contains("salvor_drills{\(labels)} 1\n"), "\(metrics)")
        #expect(metrics.contains("salvor_drill_last_success_timestamp_seconds{\(labels)} \(honest.ended.seconds)\n"))
        #expect(metrics.contains("salvor_forged_reports{repository=\"\(workshop.repository)\"} 1\n"))

        let sentence = "the signature of 1 other report of this system is wrong, and it is not counted"
        let text = unwrapped(workshop.run("report", honest.identifier).output)
        #expect(text.contains(sentence) && !text.contains("this is not what was signed"), "\(text)")
        let page = workshop.run("report", honest.identifier, "--format", "html").output
        #expect(page.contains("This is the first drill of this system on record."))
        #expect(page.contains(sentence))
        let itself = unwrapped(workshop.run("report", report.identifier).output)
        #expect(itself.contains("the signature is wrong: this is not what was signed"))
        #expect(!itself.contains(sentence), "\(itself)")
    }

    @Test("the doctor takes no report with a wrong signature for the newest proof")
    func forgedForTheDoctor() throws {
        var report = later()
        report.verdict = "degraded"
        try store(report, signature: [UInt8](repeating: 7, count: 64))
        let said = workshop.run("doctor", "--staging", "staging").output
        #expect(said.contains("ago: recovered") && !said.contains("degraded"), "\(said)")
    }

    @Test("a report that names none before it although there are older ones is an alarm, the oldest one is not")
    func cutOff() throws {
        let words = "names no report before it, although there are older ones"
        var report = later(seconds: 5)
        report.previous = nil
        try store(report)
        for format in ["text", "html", "github", "annotations"] {
            let said = unwrapped(workshop.run("report", report.identifier, "--format", format).output)
            #expect(said.contains(words), "\(format): \(said)")
            #expect(!workshop.run("report", honest.identifier, "--format", format).output.contains(words))
        }
    }

    @Test("of two drills that ran at once, the second may name none before it: that is told, and is no alarm")
    func fork() throws {
        var report = later(seconds: -3600)
        report.previous = nil
        try store(report)
        #expect(!workshop.run("report", report.identifier).output.contains("EVIDENCE"))
        let page = workshop.run("report", report.identifier, "--format", "html").output
        #expect(page.contains("names no report before it, although there are older ones: two drills ran at once"))
        #expect(!page.contains("Do not trust this report"))
    }
}
