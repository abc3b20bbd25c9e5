import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

/// A repository in a folder of its own, and some files to save.
final class Workshop {
    let folder: TemporaryFolder
    let repository: String
    let password = "correct horse"

    init() throws {
        folder = try TemporaryFolder("verbs")
        repository = folder.path + "/repository"
        try folder.write("shop/index.html", text: "hello\n")
        try folder.write("shop/uploads/logo.png", [0x89, 0x50, 0x4e, 0x47, 0, 1, 2])
        try FileTree.write([1], to: folder.path("shop/uploads/b") + [0xff])
    }

    /// Runs a verb on the repository.
    func run(
        _ words: String..., answers: [String]? = nil, environment: [String: String]? = nil,
        console given: RecordedConsole? = nil
    ) -> Said {
        let console = given ?? RecordedConsole(answers: answers ?? [])
        let variables = answers == nil ? ["SALVOR_PASSWORD": password] : [:]
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: (environment ?? variables).merging(["SALVOR_REPOSITORY": repository, "PATH": "/usr/bin:/bin"])
            {
                own, _ in own
            },
            workingDirectory: folder.bytes, cancellation: NeverCancelled(), clock: SystemClock())
        let exit = program.run(words.map { Array($0.utf8) })
        return Said(exit: exit, output: console.output, errors: console.errors)
    }

    /// The last line of the output, as JSON.
    static func result(_ said: Said) throws -> JSONValue {
        guard let line = said.output.split(separator: "\n").last else { throw Failure(.failed, "nothing was written") }
        return try JSONParser.parse(Array(line.utf8))
    }
}

@Suite("Verbs on a real repository")
struct VerbTests {
    @Test("init makes a repository once, with a sheet that shows a recovery key that opens it")
    func initialise() throws {
        let workshop = try Workshop()
        let made = workshop.run("init", answers: ["a b", "a b"])
        #expect(made.exit == 0, "\(made.errors)")
        #expect(made.output.contains(workshop.repository))
        for line in made.output.split(separator: "\n") where !line.contains(workshop.repository) {
            #expect(line.count <= 72, "\(line)")
        }
        #expect(workshop.run("init", answers: ["a b", "a b"]).exit == 9)
        let rows = made.output.split(separator: "\n").filter { $0.contains(" - ") }
        let groups = rows.flatMap { row in row.split(separator: " ").filter { $0 != "-" } }
        #expect(groups.count == 9)
        let key = groups.joined(separator: "-")
        #expect(workshop.run("snapshots", answers: ["a b"]).exit == 0)
        #expect(workshop.run("snapshots", answers: [key.lowercased()]).exit == 0)
        #expect(workshop.run("snapshots", environment: ["SALVOR_RECOVERY_KEY": key]).exit == 0)
        #expect(workshop.run("snapshots", answers: ["wrong"]).exit == 12)
        let mistyped = (key.first == "0" ? "1" : "0") + key.dropFirst()
        #expect(workshop.run("snapshots", environment: ["SALVOR_RECOVERY_KEY": mistyped]).exit == 2)
    }

    @Test("init without a password makes nothing")
    func initialiseNothing() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init", answers: []).exit == 2)
        #expect(workshop.run("init", answers: ["x", "y"]).exit == 2)
        #expect(failure { _ = try FileStatus(of: Array(workshop.repository.utf8), following: true) } != nil)
    }

    @Test("init --json gives the recovery key as a member, and --no-recovery-key makes none")
    func initialiseJSON() throws {
        let result = try Workshop.result(try Workshop().run("init", "--json"))
        #expect(result["recoveryKey"]?.text?.split(separator: "-").count == 9)
        #expect(result["id"]?.text?.count == 32)
        let without = try Workshop.result(try Workshop().run("init", "--json", "--no-recovery-key"))
        #expect(without["recoveryKey"] == .null)
    }

    @Test("where no repository is, verbs end with exit 10, and nobody is asked for a password")
    func noRepository() throws {
        let workshop = try Workshop()
        let console = RecordedConsole(answers: ["x"])
        for words in [["snapshots"], ["ls", "latest"], ["dump", "latest:a/b"], ["key", "list"], ["backup", "shop"]] {
            let program = Program(
                commands: CommandTable.all, console: console, environment: ["SALVOR_REPOSITORY": workshop.folder.path],
                workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(), clock: SystemClock())
            #expect(program.run(words.map { Array($0.utf8) }) == 10, "\(words)")
        }
        #expect(console.prompts.isEmpty)
        #expect(salvor("snapshots").exit == 2)
        #expect(salvor("snapshots").errors.contains("SALVOR_REPOSITORY"))
    }

    @Test("a backup is listed, its entries too, and a file of it comes back byte by byte")
    func roundTrip() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        let saved = workshop.run("backup", "shop", "--tag", "nightly", "--system", "web", "--json")
        #expect(saved.exit == 0, "\(saved.errors)")
        let result = try Workshop.result(saved)
        #expect(result["system"]?.text == "web")
        #expect(result["sources"]?.elements?.first?["statistics"]?["newFiles"]?.whole == 3)
        let id = try #require(result["snapshot"]?.text)

        let listed = workshop.run("snapshots")
        #expect(listed.output.contains("\(id.prefix(8))"))
        #expect(listed.output.contains("nightly"))
        #expect(workshop.run("snapshots", "--tag", "other").output.isEmpty)
        #expect(try Workshop.result(workshop.run("snapshots", "--json"))["snapshots"]?.whole == 1)

        let names = workshop.run("ls", "\(id.prefix(6))").output
        #expect(
            names.split(separator: "\n") == [
                "shop", "shop/index.html", "shop/uploads", #"shop/uploads/b\xff"#, "shop/uploads/logo.png",
            ])
        #expect(workshop.run("ls", "--depth", "1", "latest").output == "shop\n")
        #expect(workshop.run("ls", "latest:shop/uploads").output == "shop/uploads/b\\xff\nshop/uploads/logo.png\n")

        let console = RecordedConsole()
        #expect(workshop.run("dump", "latest:shop/uploads/logo.png", console: console).exit == 0)
        #expect(console.outputBytes == [0x89, 0x50, 0x4e, 0x47, 0, 1, 2])
        let file = RecordedConsole()
        let dumped = workshop.run("dump", #"latest:shop/uploads/b\xff"#, "--output", "back", "--json", console: file)
        #expect(dumped.exit == 0, "\(dumped.errors)")
        #expect(try FileTree.read(workshop.folder.path("back"), limit: 10) == [1])
        #expect(try FileStatus(of: workshop.folder.path("back"), following: false).permissions == 0o600)
        #expect(workshop.run("dump", "latest:shop/index.html", "-o", "back").exit == 9)
    }

    @Test("ls --json tells all that is known of an entry, and a name that is no text twice")
    func entries() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        #expect(workshop.run("backup", "shop").exit == 0)
        let lines = workshop.run("ls", "latest", "--json").output.split(separator: "\n")
        let entries = try lines.map { try JSONParser.parse(Array($0.utf8)) }
        let odd = try #require(entries.first { $0["pathBytes"]?.text != nil })
        #expect(Base64.bytes(odd["pathBytes"]?.text ?? "") == Array("shop/uploads/b".utf8) + [0xff])
        for key in ["changed", "born", "inode", "device", "links", "sha256", "attributes", "holes", "target"] {
            #expect(odd[key] != nil, "\(key)")
        }
        #expect(odd["size"]?.whole == 1)
        #expect(entries.last?["entries"]?.whole == 5)
    }

    @Test("what is not in the snapshot is wrong usage, and the message says what there is")
    func absent() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        let early = workshop.run("ls", "latest")
        #expect(early.exit == 1)
        #expect(early.errors.contains("no snapshot"))
        #expect(workshop.run("backup", "shop").exit == 0)
        #expect(workshop.run("ls", "latest:other").errors.contains("it has shop"))
        for item in ["latest:other", "latest:shop/nothing", "latest:shop/index.html/x", "0000"] {
            #expect(workshop.run("ls", item).exit == 2, "\(item)")
        }
        #expect(workshop.run("dump", "latest:shop/uploads").exit == 1)
        #expect(workshop.run("dump", "latest").exit == 2)
        #expect(workshop.run("dump", "latest:shop/index.html", "--json").exit == 2)
    }

    @Test("a source that is not there ends the backup before anything is stored")
    func missingSource() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        let said = workshop.run("backup", "shop", "no-such-place")
        #expect(said.exit == 1)
        #expect(said.errors.contains("no-such-place"))
        #expect(try Workshop.result(workshop.run("snapshots", "--json"))["snapshots"]?.whole == 0)
    }

    @Test("a dry run stores nothing, and says what would be compared with what")
    func dryRun() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        #expect(workshop.run("backup", "shop", "--dry-run").output.contains("for the first time"))
        #expect(workshop.run("backup", "shop").exit == 0)
        let said = workshop.run("backup", "shop", "--dry-run", "--json")
        #expect(try Workshop.result(said)["dryRun"]?.flag == true)
        #expect(try Workshop.result(said)["sources"]?.elements?.first?["parent"]?.text?.count == 32)
        #expect(try Workshop.result(workshop.run("snapshots", "--json"))["snapshots"]?.whole == 1)
    }

    @Test("--quiet says nothing when all is well")
    func quiet() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        let said = workshop.run("backup", "shop", "-q")
        #expect(said.exit == 0)
        #expect(said.output.isEmpty && said.errors.isEmpty)
    }

    @Test("a password can be added, changed and removed, and the last key stays")
    func keys() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        try workshop.folder.write("new", text: "second\n")
        #expect(workshop.run("key", "add", "--new-password-file", "new", "--label", "anna").exit == 0)
        let listed = try Workshop.result(workshop.run("key", "list", "--json"))
        #expect(listed["keys"]?.elements?.count == 2)
        let anna = workshop.run("key", "list", answers: ["second"])
        #expect(anna.output.contains("anna (used now)"))

        #expect(workshop.run("key", "passwd", answers: ["second", "third", "third"]).exit == 0)
        #expect(workshop.run("snapshots", answers: ["second"]).exit == 12)
        let changed = workshop.run("key", "list", "--json", answers: ["third"])
        let current = try #require(
            try Workshop.result(changed)["keys"]?.elements?.first { $0["current"]?.flag == true })
        #expect(current["label"]?.text == "anna")

        let id = try #require(current["id"]?.text)
        #expect(workshop.run("key", "remove", "\(id.prefix(8))").exit == 0)
        #expect(workshop.run("snapshots", answers: ["third"]).exit == 12)
        let last = try Workshop.result(workshop.run("key", "list", "--json"))["keys"]?.elements?.first?["id"]?.text
        #expect(workshop.run("key", "remove", String(try #require(last).prefix(8))).exit == 9)
        #expect(workshop.run("snapshots").exit == 0)
    }

    @Test("a recovery key resets a forgotten password, and stays")
    func reset() throws {
        let workshop = try Workshop()
        let made = try Workshop.result(workshop.run("init", "--json"))
        let key = try #require(made["recoveryKey"]?.text)
        #expect(workshop.run("key", "passwd", answers: [key, "new one", "new one"]).exit == 0)
        #expect(workshop.run("snapshots", answers: ["new one"]).exit == 0)
        #expect(workshop.run("snapshots", answers: [key]).exit == 0)
    }

    @Test(
        "actions of key refuse what they would not look at",
        arguments: [
            ["key", "list", "3fa9"], ["key", "remove"], ["key", "add", "3fa9"], ["key", "list", "--recovery"],
            ["key", "remove", "3fa9", "--label", "x"], ["key", "passwd", "--recovery"],
            ["key", "add", "--recovery", "--new-password-file", "x"],
        ])
    func keyUsage(words: [String]) {
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console, environment: ["SALVOR_REPOSITORY": "/no-such-repository"],
            workingDirectory: [0x2f], cancellation: NeverCancelled(), clock: SystemClock())
        #expect(program.run(words.map { Array($0.utf8) }) == 2, "\(console.errors)")
    }

    @Test("a record that is damaged is named with exit 13, and the other snapshots are still there")
    func damagedRecord() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        #expect(workshop.run("backup", "shop").exit == 0)
        let second = try Workshop.result(workshop.run("backup", "shop", "--json"))
        let id = try #require(second["snapshot"]?.text)
        let path = Array("\(workshop.repository)/snapshots/\(id)".utf8)
        var bytes = try FileTree.read(path, limit: 1 << 16)
        bytes[bytes.count / 2] ^= 1
        try FileTree.write(bytes, to: path)
        let said = workshop.run("snapshots")
        #expect(said.exit == 13)
        #expect(said.errors.contains("snapshots/\(id)"))
        #expect(said.output.split(separator: "\n").count == 2)
    }

    @Test("a run that is interrupted ends with exit 130")
    func interrupted() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        struct Interrupted: Cancellation {
            func check() throws { throw Failure(.interrupted, "interrupted (Ctrl-C)") }
        }
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: ["SALVOR_REPOSITORY": workshop.repository, "SALVOR_PASSWORD": workshop.password],
            workingDirectory: workshop.folder.bytes, cancellation: Interrupted(), clock: SystemClock())
        #expect(program.run(["backup", "shop"].map { Array($0.utf8) }) == 130)
        #expect(console.errors == "salvor: interrupted (Ctrl-C)\n")
        #expect(try Workshop.result(workshop.run("snapshots", "--json"))["snapshots"]?.whole == 0)
    }
}
