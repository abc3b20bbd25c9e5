import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("Standard input as a source")
struct StandardInputOptionsTests {
    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        return workshop
    }

    private func console(_ text: String, isTerminal: Bool = false) -> RecordedConsole {
        RecordedConsole(input: GivenInput(Array(text.utf8)), inputIsTerminal: isTerminal)
    }

    @Test("it is called stdin unless it is named, lies at -, and comes back as a file beside other sources")
    func names() throws {
        let workshop = try workshop()
        #expect(workshop.run("backup", "-", console: console("hello\n")).exit == 0)
        #expect(workshop.run("dump", "latest:stdin").output == "hello\n")
        let json = workshop.run("backup", "shop", "dump.sql=-", "--json", console: console("select 1\n"))
        let source = try #require(try Workshop.result(json)["sources"]?.elements?.last)
        #expect(source["name"]?.text == "dump.sql" && source["adapter"]?.text == "stdin")
        #expect(source["location"]?.text == "-" && source["selection"] == .null)
        let target = workshop.folder.path + "/out"
        #expect(workshop.run("restore", "latest:dump.sql", "--target", target).exit == 0)
        #expect(try FileTree.read(Array("\(target)/dump.sql".utf8), limit: 100) == Array("select 1\n".utf8))
        #expect(try FileStatus(of: Array("\(target)/dump.sql".utf8), following: false).permissions == 0o600)
        let whole = workshop.folder.path + "/whole"
        #expect(workshop.run("restore", "latest", "--target", whole).exit == 0)
        #expect(try FileTree.read(Array("\(whole)/dump.sql".utf8), limit: 100) == Array("select 1\n".utf8))
        let original = workshop.run("restore", "latest:dump.sql", "--original")
        #expect(original.exit == 2 && original.errors.contains("no place to go back to"))
    }

    @Test("a command's output takes its place; the command gets no secret of ours, and its end decides")
    func command() throws {
        let workshop = try workshop()
        let input = GivenInput([1])
        let said = workshop.run(
            "backup", "-", "--stdin-command", "env",
            environment: ["SALVOR_PASSWORD": workshop.password, "PGPASSWORD": "x", "A": "1"],
            console: RecordedConsole(input: input, inputIsTerminal: true))
        #expect(said.exit == 0, "\(said.errors)")
        #expect(input.readings == 0, "standard input was left alone")
        let seen = workshop.run("dump", "latest:stdin").output.split(separator: "\n")
        #expect(seen.contains("A=1") && seen.contains("SALVOR_REPOSITORY=\(workshop.repository)"))
        #expect(!seen.contains { $0.contains("PASSWORD") })
        let failed = workshop.run("backup", "shop", "-", "--stdin-command", "echo x; exit 7")
        #expect(failed.exit == 1)
        #expect(failed.errors.contains("exit 7"))
        #expect(try Workshop.result(workshop.run("snapshots", "--json"))["snapshots"]?.whole == 1)
    }

    @Test(
        "what cannot be meant is wrong usage",
        arguments: [
            (["-", "x=-"], "once"), (["shop", "--stdin-command", "true"], "NAME=-"),
            (["shop", "-", "--files-from", "-"], "at the same time"),
        ])
    func refused(words: [String], named: String) throws {
        let said = salvorRun(try workshop(), words, console(""))
        #expect(said.exit == 2 && said.errors.contains(named), "\(said.errors)")
    }

    @Test("a terminal is no data, as a source and as a list", arguments: [["-"], ["shop", "--files-from", "-"]])
    func terminal(words: [String]) throws {
        let said = salvorRun(try workshop(), words, console("x", isTerminal: true))
        #expect(said.exit == 2 && said.errors.contains("terminal"), "\(said.errors)")
    }

    private func salvorRun(_ workshop: Workshop, _ words: [String], _ console: RecordedConsole) -> Said {
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: ["SALVOR_REPOSITORY": workshop.repository, "SALVOR_PASSWORD": workshop.password],
            workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(), clock: SystemClock())
        let exit = program.run((["backup"] + words).map { Array($0.utf8) })
        return Said(exit: exit, output: console.output, errors: console.errors)
    }
}
