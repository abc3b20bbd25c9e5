import Formats
import Glibc
import Platform
import Reports
import TestDoubles
import Testing

@testable import Commands

@Suite("reports on the command line")
struct ReportCommandTests {
    /// A repository with one snapshot that was drilled twice.
    private func drilled() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        #expect(workshop.run("backup", "shop", "--system", "web").exit == 0)
        try FileTree.makeDirectories(workshop.folder.path("staging"), mode: 0o755)
        #expect(workshop.run("drill", "-q", "--staging", "staging").exit == 0)
        let sabotage = "echo changed > $(find $SALVOR_DRILL_FILES -name index.html)"
        #expect(workshop.run("drill", "-q", "--staging", "staging", "--before-checks", sabotage).exit == 4)
        return workshop
    }

    @Test("--list shows every drill on record, oldest first, to people and to scripts")
    func lists() throws {
        let workshop = try drilled()
        let lines = workshop.run("report", "--list").output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].contains("recovered") && lines[1].contains("web"))
        #expect(lines[2].contains("degraded"))
        #expect(workshop.run("report", "--list", "--system", "other").output.isEmpty)

        let said = workshop.run("report", "--list", "--json")
        let objects = try said.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
        let drills = objects.filter { $0["type"]?.text == "drill" }
        #expect(drills.map { $0["verdict"]?.text } == ["recovered", "degraded"])
        #expect(drills.map { $0["exit"]?.whole } == [0, 4])
        #expect((drills[0]["measured"]?["recoverySeconds"]?.real ?? 0) > 0)
        #expect(drills[0]["sha256"]?.text?.count == 64)
        #expect(objects.last?["drills"] == 2)
        #expect(objects.last?["report"] == .null)
        let digits = try #require(drills[0]["id"]?.text?.prefix(8))
        #expect(lines[1].hasPrefix(digits))
        #expect(workshop.run("report", String(digits)).output.hasPrefix("RECOVERED"))
    }

    @Test("--output writes the report into a file, and nothing to standard output")
    func writesFiles() throws {
        let workshop = try drilled()
        for format in FormatCatalog.all.map({ $0.name }) + FormatCatalog.ofRepositories.map({ $0.name }) {
            let said = workshop.run("report", "--format", format, "-o", "report.\(format)")
            #expect(said.exit == 0, "\(said.errors)")
            #expect(said.output.isEmpty)
            let file = try FileTree.read(workshop.folder.path("report.\(format)"), limit: 1 << 20)
            #expect(!file.isEmpty)
            if ["text", "json"].contains(format) {
                #expect(workshop.run("report", "--format", format).output == String(decoding: file, as: UTF8.self))
            }
        }
        #expect(workshop.run("report", "-o", ".").exit == 2)
        #expect(workshop.run("report", "-o", "nowhere/report").exit == 1)
        #expect(workshop.run("report", "--list", "-o", "list").exit == 2)
        #expect(workshop.run("report", "--list", "latest").exit == 2)
    }

    @Test("a damaged report is told with exit 13, and costs no other one")
    func survivesDamage() throws {
        let workshop = try drilled()
        let first = try #require(workshop.run("report", "--list").output.split(separator: "\n").dropFirst().first)
        let damage =
            "f=$(ls -t repository/packs/*/* | head -n 1); chmod u+w $f; "
            + "printf XXXX | dd of=$f bs=1 seek=100 conv=notrunc 2>/dev/null"
        let outcome = try ChildProcess.run(
            ["/bin/sh", "-c", damage], environment: ["PATH": "/usr/bin:/bin"], directory: workshop.folder.path)
        #expect(outcome.ending.code == 0, "\(outcome.complaint)")
        let listed = workshop.run("report", "--list")
        #expect(listed.exit == 13)
        #expect(listed.output.split(separator: "\n").count == 2 && listed.output.contains(first.prefix(8)))
        #expect(listed.errors.contains("the report in the record"))
        #expect(workshop.run("report").exit == 13)
        #expect(workshop.run("report").output.isEmpty, "which one is the last is not known")
        let named = workshop.run("report", String(first.prefix(8)))
        #expect(named.output.hasPrefix("RECOVERED"))
        #expect(named.exit == 13)
        let metrics = workshop.run("report", "--format", "prometheus")
        #expect(metrics.exit == 13)
        #expect(metrics.output.contains("salvor_unreadable_records{repository=\"\(workshop.repository)\"} 1\n"))
    }

    @Test("the page and the metrics of a repository have its snapshots, history and evidence")
    func readsTheRepository() throws {
        let workshop = try drilled()
        let page = workshop.run("report", "--format", "html").output
        #expect(page.contains("2 drills on record, of which 1 recovered."))
        #expect(page.contains("Data-loss window since the first snapshot"))
        #expect(page.contains("SHA-256 of the stored report"))
        let metrics = workshop.run("report", "--format", "prometheus").output
        let labels = "repository=\"\(workshop.repository)\",system=\"web\""
        #expect(metrics.contains("salvor_drills{\(labels)} 2\n"))
        #expect(metrics.contains("salvor_recovery_points{\(labels)} 1\n"))
        #expect(metrics.contains("salvor_drill_verdict{\(labels),verdict=\"degraded\"} 1\n"))
        #expect(metrics.contains("salvor_source_bytes{\(labels),source=\"shop\"} 14\n"))
        #expect(!metrics.contains("salvor_drill_last_success_timestamp_seconds{\(labels)} 0\n"))
        #expect(workshop.run("report", "latest", "--format", "prometheus").exit == 2)
        let undrilled = try Workshop()
        #expect(undrilled.run("init", "--no-recovery-key").exit == 0)
        #expect(undrilled.run("report", "--format", "prometheus").output.contains("salvor_build_info"))
        #expect(undrilled.run("report", "--list").exit == 0)
        #expect(undrilled.run("report").exit == 1)
    }

    @Test("a report replaces a file in one step, keeps its permissions, and leaves nothing else behind")
    func replacesFiles() throws {
        let folder = try TemporaryFolder("report")
        let path = folder.path("report.html")
        try ReportFile.write("first\n", to: path)
        #expect(try FileStatus(of: path, following: false).permissions & 0o077 != 0)
        let old = try FileStatus(of: path, following: false).inode
        let reader = try FileDescriptor(opening: path, O_RDONLY)
        try FileMetadata.setPermissions(0o600, of: reader.number)
        try ReportFile.write("second\n", to: path)
        var buffer = Buffer(capacity: 100)
        while try reader.read(into: &buffer) > 0 {}
        #expect(buffer.array() == Array("first\n".utf8), "who had it open reads on in the old one")
        #expect(try FileTree.read(path, limit: 100) == Array("second\n".utf8))
        #expect(try FileStatus(of: path, following: false).inode != old)
        #expect(try FileStatus(of: path, following: false).permissions == 0o600)
        try Directory(folder.bytes).makeSymlink(Array("link".utf8), to: Array("report.html".utf8))
        try ReportFile.write("third\n", to: folder.path("link"))
        #expect(try FileStatus(of: folder.path("link"), following: false).isSymlink)
        #expect(try FileTree.read(path, limit: 100) == Array("third\n".utf8))
        #expect(Set(try Directory(folder.bytes).names()) == Set(["link", "report.html"].map { Array($0.utf8) }))
        try ReportFile.write("nobody reads\n", to: Array("/dev/null".utf8))
    }

    @Test(
        "a symlink of somebody else in a directory like /tmp is not followed, one of our own or of root is",
        .enabled(if: Host.userID == 0, "giving a symlink away takes root"))
    func foreignLinks() throws {
        let workshop = try drilled()
        let script = """
            mkdir sticky plain real && chmod 1777 sticky && chmod 755 plain
            ln -s ../secret sticky/theirs; ln -s ../secret sticky/ours; ln -s ../secret plain/theirs
            ln -s ../real sticky/folder; ln -s sticky/theirs chain; ln -s ../absent sticky/dangling
            chown -h 65534:65534 sticky/theirs plain/theirs sticky/folder sticky/dangling; echo old > secret
            """
        let made = try ChildProcess.run(
            ["/bin/sh", "-ec", script], environment: ["PATH": "/usr/bin:/bin"], directory: workshop.folder.path)
        #expect(made.ending.code == 0, "\(made.complaint)")
        func secret() throws -> [UInt8] { try FileTree.read(workshop.folder.path("secret"), limit: 1 << 20) }
        for place in ["sticky/theirs", "chain", "sticky/folder/report", "sticky/dangling"] {
            let said = workshop.run("report", "-o", place)
            #expect(said.exit == 9, "\(place): \(said.errors)")
            #expect(said.errors.contains("is a symlink of another user in a directory where everybody may make one"))
            #expect(try secret() == Array("old\n".utf8))
        }
        let drill = workshop.run("drill", "-q", "--staging", "staging", "--report", "text=sticky/theirs")
        #expect(drill.exit == 9, "\(drill.errors)")
        #expect(try secret() == Array("old\n".utf8))
        #expect(try Directory(workshop.folder.path("real")).names().isEmpty)
        for place in ["sticky/ours", "plain/theirs"] {
            try FileTree.write(Array("old\n".utf8), to: workshop.folder.path("secret"))
            #expect(workshop.run("report", "-o", place).exit == 0)
            #expect(try secret() != Array("old\n".utf8), "\(place)")
        }
    }
}
