import Platform
import Testing

@testable import Commands

/// The files under Policies that run salvor: a crontab, units of systemd, jobs of Kubernetes, GitHub and GitLab.
@Suite("The jobs that are shipped")
struct ShippedJobsTests {
    static let files = [
        "cron/salvor", "systemd/salvor-backup.service", "systemd/salvor-drill.service", "kubernetes/cronjob.yml",
        "github/backup-restores.yml", "gitlab/backup-restores.yml",
    ]

    /// Whether this salvor knows policies; until then the jobs are ahead of it.
    static let knowsPolicies = (BackupCommand().options + GlobalOptions.all).contains { $0.name == "--policy" }

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
        "every command line in them is one that the parser takes", .enabled(if: knowsPolicies), arguments: files)
    func commandLinesParse(file: String) throws {
        for words in try commandLines(file) {
            #expect(failure { _ = try ArgumentParser.parse(words.map { Array($0.utf8) }) } == nil, "\(file): \(words)")
        }
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
        #expect(github.filter { $0.contains("if: always()") }.count == 2)
        #expect(github.contains { $0.contains("drill/junit.xml") } && github.contains { $0.contains("report.html") })
        let gitlab = try read("gitlab/backup-restores.yml")
        #expect(gitlab.contains { $0.contains("when: always") } && gitlab.contains { $0.contains("after_script:") })
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
