import Drills
import Formats
import Platform
import Sealing
import Storage
import TestDoubles
import Testing

@testable import Commands
@testable import Repositories

@Suite("The doctor")
struct DoctorTests {
    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        #expect(workshop.run("backup", "shop", "--system", "web").exit == 0)
        try FileTree.makeDirectories(workshop.folder.path("staging"), mode: 0o755)
        return workshop
    }

    /// Runs the doctor at another time than now.
    private func look(_ workshop: Workshop, _ words: [String] = [], days: Int64 = 0) -> Said {
        let console = RecordedConsole()
        let clock = ManualClock(seconds: SystemClock().now().seconds + days * 86400)
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: [
                "SALVOR_PASSWORD": workshop.password, "SALVOR_REPOSITORY": workshop.repository,
                "PATH": "/usr/bin:/bin",
            ],
            workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(), clock: clock)
        let words = ["doctor", "--staging", "staging"] + words
        return Said(exit: program.run(words.map { Array($0.utf8) }), output: console.output, errors: console.errors)
    }

    private func names(_ workshop: Workshop) throws -> String {
        let outcome = try ChildProcess.run(
            ["find", workshop.repository], environment: ["PATH": "/usr/bin:/bin"])
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").sorted().joined(separator: "\n")
    }

    @Test("on a healthy machine with a drilled repository all is well, and the repository is as it was")
    func healthy() throws {
        let workshop = try workshop()
        #expect(workshop.run("drill", "--staging", "staging").exit == 0)
        let before = try names(workshop)
        let said = look(workshop)
        #expect(said.exit == 0, "\(said.output)\(said.errors)")
        #expect(!said.output.contains("problem"), "\(said.output)")
        for words in [
            "libcrypto 3.", "libpq ", "zlib 1.", "libzstd 1.", "libcurl ", "PostgreSQL ", "setpriv ", "unshare ",
            "can be read and written", "the store's clock agrees", "first password", "epoch 1", "2 keys",
            "the newest of web is ", "web was drilled 0", "ago: recovered", "no drill left anything behind",
            "free in \(workshop.folder.path)/staging, for drills",
        ] { #expect(said.output.contains(words), "\(words) in \(said.output)") }
        #expect(try names(workshop) == before)
    }

    @Test("--json tells each diagnosis, and counts them")
    func json() throws {
        let said = look(try workshop(), ["--json"])
        let lines = try said.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
        let weights = lines.dropLast().map { $0["weight"]?.text }
        for line in lines.dropLast() {
            #expect(line["type"]?.text == "diagnosis")
            #expect(line.members?.map(\.key) == ["type", "weight", "topic", "sentence", "advice", "kind"])
            #expect((line["advice"] == .null) == (line["weight"]?.text == "ok"), "\(line)")
        }
        let result = try #require(lines.last)
        #expect(result["ok"]?.whole == Int64(weights.filter { $0 == "ok" }.count))
        #expect(result["warnings"]?.whole == 1 && result["wrong"]?.whole == 0, "\(said.output)")
    }

    @Test("without a repository the machine is looked at, and that is no failure")
    func noRepository() {
        let said = salvor("doctor", environment: ["PATH": "/usr/bin:/bin"])
        #expect(said.exit == 0, "\(said.output)")
        #expect(said.output.contains("libcrypto 3.") && said.output.contains("no repository was given"))
    }

    @Test("a repository that cannot be opened is a problem with its own exit code, and the rest is looked at")
    func notOpened() throws {
        let workshop = try workshop()
        let wrong = workshop.run("doctor", environment: ["SALVOR_PASSWORD": "wrong"])
        #expect(wrong.exit == 12)
        let absent = workshop.run("doctor", "-r", workshop.folder.path + "/nowhere")
        #expect(absent.exit == 10)
        #expect(workshop.run("doctor", environment: ["SALVOR_PASSWORD": ""]).exit == 2)
        for said in [wrong, absent] {
            #expect(said.output.contains("libcrypto 3.") && said.output.contains("for drills"), "\(said.output)")
            #expect(said.errors == "salvor: 1 problem with: repository\n", "\(said.errors)")
        }
        #expect(wrong.output.contains("can be read and written"), "the store needs no key")
    }

    @Test("what a killed drill left is exit 7, --sweep removes it, and a drill that runs is left alone")
    func leftovers() throws {
        let workshop = try workshop()
        let area = workshop.folder.path("staging/salvor-drill-0123456789abcdef")
        try FileTree.makeDirectories(area)
        let said = look(workshop)
        #expect(said.exit == 7)
        #expect(said.output.contains("salvor-drill-0123456789abcdef was left by a drill"), "\(said.output)")
        #expect(try FileStatus(of: area, following: false).isDirectory, "to look removes nothing")
        let running = try StagingArea.create(
            in: workshop.folder.path("staging"), identifier: "fedcba9876543210", clock: SystemClock())
        let swept = look(workshop, ["--sweep"])
        #expect(swept.exit == 0 && swept.output.contains("removed what a drill left"), "\(swept.output)")
        #expect(failure { _ = try FileStatus(of: area, following: false) } != nil)
        #expect(try FileStatus(of: running.path, following: false).isDirectory)
        _ = running.remove()
    }

    @Test("old snapshots, old proofs and systems that were never drilled are warnings")
    func ages() throws {
        let workshop = try workshop()
        #expect(look(workshop).output.contains("web was never drilled"))
        #expect(workshop.run("drill", "--staging", "staging").exit == 0)
        let later = look(workshop, ["-q"], days: 40)
        #expect(later.exit == 0)
        #expect(later.output.contains("warning  snapshot  the newest of web is "), "\(later.output)")
        #expect(later.output.contains("warning  proof     web was drilled "))
        #expect(!look(workshop, ["-q"], days: 7).output.contains("snapshot "))
    }

    @Test("records that lie in the future are told with the machine that wrote them")
    func future() throws {
        let said = look(try workshop(), days: -3)
        #expect(said.output.contains("warning  clock     1 record of the repository lie"), "\(said.output)")
        #expect(said.output.contains(Host.name()))
    }

    @Test("a session that was killed is told, one that may be at work is not")
    func sessions() throws {
        let workshop = try workshop()
        let repository = try Repository.open(
            LocalStore(path: Array(workshop.repository.utf8)),
            credential: .password(SecretBytes(Array(workshop.password.utf8))))
        func mark(_ digit: UInt8, process: Int32, host: String) throws {
            let name = ObjectName("sessions", [UInt8](repeating: digit, count: 16))
            let mark: JSONValue = [
                "purpose": "backup", "host": .string(host), "process": JSONValue(process),
                "started": .string(Timestamp.string(seconds: SystemClock().now().seconds - 3600)),
            ]
            let object = try repository.sealer.document(.sessionMark, JSONWriter.bytes(mark), name: name)
            _ = try repository.store.create(name, object.span)
        }
        try mark(1, process: Host.processID, host: Host.name())
        try mark(2, process: 1, host: "elsewhere")
        #expect(look(workshop).output.components(of: "may be at work") == 2)
        // No process has a number that large.
        try mark(3, process: 1 << 23, host: Host.name())
        let said = look(workshop, ["-q"])
        #expect(said.output.contains("a session of backup on \(Host.name()), process 8388608 began 1 h 00 min ago"))
        #expect(said.output.components(of: "did not end") == 1, "\(said.output)")
        #expect(look(workshop, days: 3).output.components(of: "did not end") == 2)
        // What has ended by its record is no open session, even while its mark stays.
        let record = try #require(try repository.names(in: .record).first?.identifier)
        let name = ObjectName("sessions", record)
        let object = try repository.sealer.document(.sessionMark, [UInt8]("{}".utf8), name: name)
        _ = try repository.store.create(name, object.span)
        #expect(try repository.openSessions().count == 3)
    }

    @Test("a repository that only grows is told from so many snapshots on")
    func growth() throws {
        let workshop = try workshop()
        #expect(workshop.run("backup", "shop", "--system", "web").exit == 0)
        let credential = Credential.password(SecretBytes(Array(workshop.password.utf8)))
        let repository = try Repository.open(
            LocalStore(path: Array(workshop.repository.utf8)), credential: credential)
        let output = Output(console: RecordedConsole(), clock: SystemClock(), isJSON: false, isQuiet: true)
        var examination = RecordsExamination(
            repository: repository, credential: credential, list: try SnapshotList(repository, output),
            now: SystemClock().now())
        #expect(!examination.run().contains { $0.topic == "growth" })
        examination.snapshotsMany = 2
        #expect(examination.run().contains { $0.topic == "growth" && $0.weight == .warning })
    }

    @Test("a repository without a recovery key, and a password file that others may read, are warnings")
    func secrets() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        try workshop.folder.write("password", text: workshop.password + "\n")
        let said = look(workshop, ["-q", "--password-file", "password"])
        #expect(said.output.contains("warning  key       there is no recovery key"), "\(said.output)")
        #expect(said.output.contains("chmod 600 \(workshop.folder.path)/password"))
    }

    @Test("tools that are missing are warnings that name the package")
    func missing() throws {
        let folder = try TemporaryFolder("tools")
        let found = ToolsExamination(environment: ["PATH": folder.path]).run()
        let warned = found.filter { $0.weight == .warning && $0.advice?.contains("util-linux") == true }
        #expect(warned.map { $0.sentence.prefix { $0 != " " } } == ["setpriv", "unshare"], "\(found)")
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
