import Backups
import DataSources
import Drills
import Formats
import Platform
import Reports
import Repositories
import Storage
import Synchronization
import TestDoubles
import Testing

/// A drill of files, from a real repository.
struct DrillRunTests {
    @Test("a healthy snapshot comes back: green, with evidence in the repository and nothing left in staging")
    func recovers() throws {
        let system = try DrilledSystem()
        let snapshot = try system.backUp()
        let report = try system.drill()
        #expect(report.verdict == "recovered")
        #expect(report.exitCode == 0)
        #expect(report.reasons.isEmpty)
        #expect(report.evidenceLevel == "L5 equal")
        #expect(report.summary.contains(snapshot.shortIdentifier))
        #expect(report.checks.map(\.identifier) == ["files.manifest"])
        #expect(report.checks.allSatisfy { $0.result == .passed && $0.compared == 6 })
        #expect(!report.notTested.isEmpty)
        #expect(try system.leftInStaging().isEmpty)
        let shares = report.phases.filter(\.counted).reduce(0) { $0 + $1.shareSeconds }
        #expect(abs(shares - (report.measuredRecoverySeconds ?? -1)) < 1e-9)
        let evidence = try system.evidence()
        #expect(evidence.map(\.drilled) == [snapshot.session])
        let index = try system.repository.loadIndex()
        let stored = try ChunkReader(system.repository, index: index).whole(
            #require(evidence.first?.report), object: "the report")
        #expect(try ReportCoding.report(from: JSONParser.parse(stored)) == report)
    }

    @Test("what was read from standard input comes back, byte for byte, and a changed byte turns the drill red")
    func standardInput() throws {
        let system = try DrilledSystem()
        let bytes = SeededRandomness(seed: 3).bytes(3_000_000)
        try system.backUp([
            BackupPlan.Source(name: "dump.sql", adapter: StandardInputAdapter(.input(GivenInput(bytes))))
        ])
        let report = try system.drill()
        #expect(report.verdict == "recovered", "\(report.summary)")
        #expect(report.checks.map(\.identifier) == ["files.manifest", "stdin.bytes"])
        #expect(report.checks.last?.expected == "3,000,000 bytes")
        #expect(report.notTested.contains { $0.contains("dump.sql") })
        for command in ["printf X | dd of=\"$F\" bs=1 seek=7 conv=notrunc", "truncate -s 9 \"$F\"", "rm \"$F\""] {
            let red = try system.drill { $0.beforeChecks = "F=\"$SALVOR_DRILL_FILES/dump.sql\"; \(command) 2>&1" }
            #expect(red.verdict == "degraded" && red.exitCode == 4, "\(red.summary)")
            #expect(red.checks.last?.differing.first?.hasPrefix("dump.sql ") == true)
        }
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("a drill says what was left out when the files were saved")
    func leftOut() throws {
        let system = try DrilledSystem()
        var selection = FileSelection(
            excluding: [FileSelection.Pattern(try PathPattern(Array("*.bin".utf8)), origin: "--exclude")])
        selection.excludesCaches = true
        try system.backUp(FilesAdapter(path: system.files, selection: selection))
        let report = try system.drill()
        #expect(report.verdict == "recovered")
        #expect(report.notTested.contains("what was left out of www when it was saved (*.bin): 1 entry"))
        try system.backUp()
        #expect(try !system.drill().notTested.contains { $0.contains("left out") })
    }

    @Test(
        "a changed byte, a missing file and a new one turn it red, each named",
        arguments: [
            ("printf X | dd of=\"$SALVOR_DRILL_FILES/www/index.html\" bs=1 seek=3 conv=notrunc 2>&1", "index.html"),
            ("rm \"$SALVOR_DRILL_FILES/www/empty\"", "empty"),
            ("touch -r / \"$SALVOR_DRILL_FILES/www/deep/intruder\"", "deep/intruder"),
            ("truncate -s 299999 \"$SALVOR_DRILL_FILES/www/deep/er/picture.bin\"", "deep/er/picture.bin"),
        ])
    func notices(command: String, name: String) throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill { $0.beforeChecks = command }
        #expect(report.verdict == "degraded")
        #expect(report.exitCode == 4)
        #expect(report.summary.contains("files.manifest of www"))
        #expect(report.checks.first?.differing.first?.hasPrefix(name + " ") == true)
        #expect(report.evidenceLevel == "L3 materialised")
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("damage that a recovery can do without leaves it green, and is in the report")
    func sparesDamage() throws {
        let system = try DrilledSystem()
        try system.backUp()
        var index: [String] = []
        try system.store.list("index") { index.append($0.name.text) }
        try system.flip(#require(index.first))
        let report = try system.drill()
        #expect(report.verdict == "recovered" && report.exitCode == 0)
        #expect(report.findings.contains { $0.object == index.first && $0.sentence.contains("damaged") })
    }

    @Test("any damaged pack that the snapshot needs is unrecoverable, exit 13, and the pack is named")
    func noticesDamage() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let packs = try system.packs()
        #expect(packs.count >= 2, "content and trees lie in packs of their own")
        for pack in packs {
            try system.flip(pack)
            let report = try system.drill()
            #expect(report.verdict == "unrecoverable")
            #expect(report.exitCode == 13)
            #expect(report.reasons.first == "damaged")
            #expect(report.summary.contains(pack))
            #expect(report.measuredRecoverySeconds == nil)
            #expect(report.evidenceLevel == "L0 present")
            #expect(try system.leftInStaging().isEmpty)
            try system.flip(pack)
        }
        #expect(try system.drill().verdict == "recovered")
    }

    @Test("a command before the checks that fails makes the drill unverifiable, with its words, exit 6")
    func tellsTheCommandsFailure() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill { $0.beforeChecks = "echo the queue is down >&2; exit 3" }
        #expect(report.verdict == "unverifiable")
        #expect(report.exitCode == 6)
        #expect(report.summary.contains("the queue is down"))
        #expect(report.summary.contains("exit 3"))
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("the command's time and the teardown are not counted in the measured recovery time")
    func doesNotCountTheCommand() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill { $0.beforeChecks = "sleep 2" }
        let command = try #require(report.phases.first { $0.name == "before-checks command" })
        #expect(command.shareSeconds >= 2)
        #expect(!command.counted)
        #expect(report.phases.last?.name == "teardown")
        let counted = report.phases.filter(\.counted).reduce(0) { $0 + $1.shareSeconds }
        #expect(abs((report.measuredRecoverySeconds ?? -1) - counted) < 1e-9)
    }

    @Test(
        "a drill stopped at any phase removes its staging and says by what it was stopped",
        arguments: DrillPhase.allCases)
    func stopsClean(phase: DrillPhase) throws {
        guard phase != .access, phase != .locate, phase != .audit else { return }
        let system = try DrilledSystem()
        try system.backUp()
        let stop = Stop()
        let report = try system.drill(cancellation: stop) {
            $0.beforeChecks = "true"
            $0.provesChecks = true
            $0.onPhase = { if $0 == phase { stop.now() } }
        }
        #expect(try system.leftInStaging().isEmpty)
        if phase == .teardown {
            #expect(report.verdict == "recovered")
        } else {
            #expect(report.exitCode == 143)
            #expect(report.verdict == "unverifiable")
            #expect(try system.evidence().isEmpty)
        }
    }

    @Test("a wrong password, a missing snapshot and a refused staging directory are told as what they are")
    func throwsWhatIsNoDrill() throws {
        let system = try DrilledSystem()
        try system.backUp()
        #expect(throws: Failure.self) { try system.drill { $0.stagingDirectory = system.files } }
        do { _ = try system.drill { $0.stagingDirectory = system.files } } catch {
            #expect(Failure(error).kind == .refused)
        }
        do { _ = try system.drill { $0.stagingUser = "root" } } catch { #expect(Failure(error).kind == .usage) }
        #expect(throws: Failure.self) { try system.drill { $0.stagingUser = "nobody-of-that-name" } }
        try FileTree.write(Array("15\n".utf8), to: system.staging + Array("/PG_VERSION".utf8))
        do {
            _ = try system.drill()
            Issue.record("it staged in a database's directory")
        } catch { #expect(Failure(error).kind == .refused) }
        #expect(try system.leftInStaging() == ["PG_VERSION"])
    }

    @Test("staging without enough room says nothing about the backup: unverifiable, exit 6, and nothing is left")
    func tellsWantOfRoom() throws {
        guard Host.userID == 0 else { return }
        let system = try DrilledSystem()
        try system.backUp()
        let small = String(decoding: system.staging, as: UTF8.self) + "/small"
        try FileTree.makeDirectories(Array(small.utf8))
        let environment = Environment.withoutSecrets()
        let mount = ["mount", "-t", "tmpfs", "-o", "size=200k,mode=0711", "none", small]
        #expect(try ChildProcess.run(mount, environment: environment).ending.succeeded)
        defer { _ = try? ChildProcess.run(["umount", small], environment: environment) }
        let report = try system.drill { $0.stagingDirectory = Array(small.utf8) }
        #expect(report.verdict == "unverifiable", "\(report.summary)")
        #expect(report.exitCode == 6)
        #expect(report.summary.contains("No space left"))
        #expect(try Directory(Array(small.utf8)).names().isEmpty)
    }

    @Test("twenty drills in a row are green, and none leaves anything")
    func staysGreen() throws {
        let system = try DrilledSystem()
        try system.backUp()
        for _ in 0..<20 { #expect(try system.drill().verdict == "recovered") }
        #expect(try system.leftInStaging().isEmpty)
    }

    /// A run that is told to stop.
    final class Stop: Cancellation {
        private let isStopped = Mutex(false)
        func now() { isStopped.withLock { $0 = true } }
        func check() throws {
            if isStopped.withLock({ $0 }) { throw Failure(.terminated, "stopped by a signal (SIGTERM)") }
        }
    }
}
