import Platform
import Reports
import Testing

@testable import Commands

/// The files under Policies that run salvor: a crontab, units of systemd, jobs of Kubernetes, GitHub and GitLab.
@Suite("The jobs that are shipped")
struct ShippedJobsTests {
    static let files = [
        "cron/salvor", "systemd/salvor-backup.service", "systemd/salvor-drill.service", "kubernetes/cronjob.yml",
        "github/backup-restores.yml", "gitlab/backup-restores.yml",
    ]

    private func read(_ file: String) throws -> [Substring] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let bytes = try FileTree.read(Array("/\(root)/Policies/\(file)".utf8), limit: 1 << 20)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    /// The words behind each `salvor` that is run in a file: not in comments, not where it is a name.
    private func commandLines(_ file: String) throws -> [[String]] {
        try read(file).compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.first?.hasPrefix("#") == false,
                let place = words.firstIndex(where: { $0 == "salvor" || $0.hasSuffix("/usr/bin/salvor") }),
                place + 1 < words.count
            else { return nil }
            return Array(words[(place + 1)...])
        }
    }

    @Test("each runs a verb that there is", arguments: files)
    func verbs(file: String) throws {
        let lines = try commandLines(file)
        #expect(!lines.isEmpty)
        for words in lines { #expect(CommandTable.command(words[0]) != nil, "\(file): \(words)") }
        #expect(lines.contains { ["backup", "drill"].contains($0[0]) })
    }

    @Test(
        "every command line in them is one that the parser takes, with reports in formats that there are",
        arguments: files)
    func commandLinesParse(file: String) throws {
        for words in try commandLines(file) {
            let words = words.map { $0.filter { $0 != "\"" } }
            #expect(failure { _ = try ArgumentParser.parse(words.map { Array($0.utf8) }) } == nil, "\(file): \(words)")
            for (option, value) in zip(words, words.dropFirst()) where option == DrillReports.report.name {
                let format = String(value.prefix { $0 != "=" })
                let isKnown =
                    FormatCatalog.format(named: format) != nil
                    || FormatCatalog.repositoryFormat(named: format) != nil
                #expect(isKnown, "\(file): \(value)")
            }
        }
    }

    @Test("in CI the drill itself writes its reports, so that none shows an earlier one")
    func ownReports() throws {
        for file in ["github/backup-restores.yml", "gitlab/backup-restores.yml"] {
            let lines = try commandLines(file)
            #expect(!lines.contains { $0[0] == "report" }, "\(file)")
            let drill = try #require(lines.first { $0[0] == "drill" })
            let reports = zip(drill, drill.dropFirst()).filter { $0.0 == "--report" }.map(\.1)
            #expect(reports.contains("html=drill/report.html") && reports.contains("junit=drill/junit.xml"), "\(file)")
            #expect(reports.contains { $0.contains("github=") } == file.hasPrefix("github"), "\(file)")
        }
    }

    @Test("on a machine of its own each drill renews what Prometheus reads")
    func metrics() throws {
        for file in ["cron/salvor", "systemd/salvor-drill.service"] {
            let drill = try #require(try commandLines(file).first { $0[0] == "drill" })
            #expect(drill.contains("prometheus=/var/lib/prometheus/node-exporter/salvor.prom"), "\(file): \(drill)")
        }
        let unit = try read("systemd/salvor-drill.service")
        #expect(
            unit.contains { $0.hasPrefix("ReadWritePaths=") && $0.contains(" -/var/lib/prometheus/node-exporter") })
    }

    @Test("the crontab's lines have five times, a user and a command")
    func crontab() throws {
        let jobs = try read("cron/salvor").filter { $0.first?.isNumber == true || $0.first == "*" }
        #expect(jobs.count == 2)
        let limits = [0...59, 0...23, 1...31, 1...12, 0...7]
        for job in jobs {
            let words = job.split(separator: " ")
            for (word, limit) in zip(words, limits) {
                #expect(word == "*" || Int(word).map(limit.contains) == true, "\(job)")
            }
            #expect(words[5] == "root" && words[6] == "salvor")
            #expect(!job.contains("%"), "cron reads % as a line break")
        }
    }

    @Test("the report of a drill is kept also when it failed")
    func alwaysKept() throws {
        let github = try read("github/backup-restores.yml")
        #expect(github.filter { $0.contains("if: always()") }.count == 1)
        #expect(github.contains { $0.contains("drill/junit.xml") } && github.contains { $0.contains("report.html") })
        let gitlab = try read("gitlab/backup-restores.yml")
        #expect(
            gitlab.contains { $0.contains("when: always") } && gitlab.contains { $0.contains("junit: drill/junit.xml") }
        )
    }

    @Test("each timer starts the service of its name, and makes up for what was missed")
    func timers() throws {
        for name in ["salvor-backup", "salvor-drill"] {
            let timer = try read("systemd/\(name).timer")
            #expect(timer.contains("Persistent=yes") && timer.contains { $0.hasPrefix("RandomizedDelaySec=") })
            #expect(!timer.contains { $0.hasPrefix("Unit=") })
            let service = try read("systemd/\(name).service")
            let verb = name.split(separator: "-").last.map(String.init) ?? ""
            #expect(service.contains { $0.hasPrefix("ExecStart=/usr/bin/salvor \(verb) ") })
        }
    }
}
