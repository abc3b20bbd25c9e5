import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("Completion, in the shells themselves")
struct CompletionTests {
    static let shells = ["bash", "zsh", "fish"]

    /// What a person has typed, and what Tab must offer for it, in order of the alphabet.
    static let lines: [(typed: String, offered: [String])] = [
        ("salvor back", ["backup"]),
        ("salvor -r /nowhere back", ["backup"]),
        ("salvor --password-file secret -q sna", ["snapshots"]),
        ("salvor --rep", ["--repository"]),
        ("salvor -r ", ["folder"]),
        ("salvor report --format ", FormatNames.all),
        ("salvor report --format te", ["text"]),
        ("salvor restore latest --overwrite ne", ["never"]),
        ("salvor restore --overw", ["--overwrite"]),
        ("salvor restore --target ", ["folder"]),
        ("salvor dump -o ", ["a b.txt", "c.txt", "folder"]),
        ("salvor backup ", ["a b.txt", "c.txt", "folder"]),
        ("salvor backup folder c", ["c.txt"]),
        ("salvor key ", ["add", "list", "passwd", "remove"]),
        ("salvor key list ", []),
        ("salvor key --label add ", ["add", "list", "passwd", "remove"]),
        ("salvor help dr", ["drill"]),
        ("salvor completion ", ["bash", "fish", "zsh"]),
        ("salvor find --type so", ["socket"]),
    ]

    private enum FormatNames {
        static let all = ReportCommand.format.choices.sorted()
    }

    @Test("offers verbs, options, choices, files and directories where they may stand", arguments: shells)
    func places(shell: String) throws {
        let typist = try Typist(shell)
        for (typed, offered) in Self.lines {
            // fish knows the options with values of every verb, not those of each.
            if shell == "fish", typed.contains("--label") { continue }
            #expect(try typist.offered(typed) == offered, "\(shell): \(typed)")
        }
    }

    @Test("offers every option of every verb, and nothing else that begins with a dash", arguments: shells)
    func options(shell: String) throws {
        let typist = try Typist(shell)
        for command in CommandTable.all {
            let wanted = (command.options + GlobalOptions.all).map(\.name).sorted()
            #expect(try typist.offered("salvor \(command.name) --") == wanted, "\(shell): \(command.name)")
        }
        #expect(try typist.offered("salvor ") == CommandTable.all.map(\.name).sorted())
    }

    @Test("offers the value behind an equals sign, too", arguments: shells)
    func attached(shell: String) throws {
        let said = try Typist(shell).offered("salvor report --format=te")
        #expect(said == [shell == "fish" ? "--format=text" : "text"])
    }

    @Test("what is quoted in a help text reaches no shell as a command")
    func quoting() throws {
        let folder = try TemporaryFolder("completion")
        let command = TrickyCommand(mark: folder.path + "/mark")
        for shell in CompletionCatalog.all {
            let script = try folder.write("tricky.\(shell.name)", text: shell.script([command]))
            let file = String(decoding: script, as: UTF8.self)
            let load = shell.name == "zsh" ? "autoload -Uz compinit; compinit -D; source \(file)" : "source \(file)"
            let options = ["bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]][shell.name] ?? []
            let outcome = try ChildProcess.run(
                [shell.name] + options + ["-c", load + "; echo loaded"], environment: ["PATH": "/usr/bin:/bin"])
            #expect(outcome.output == Array("loaded\n".utf8), "\(shell.name): \(outcome.complaint)")
            #expect(outcome.errors.isEmpty, "\(shell.name): \(outcome.complaint)")
            #expect(failure { _ = try FileStatus(of: folder.path("mark"), following: true) } != nil)
        }
    }
}

/// A verb whose texts hold what shells read as commands.
struct TrickyCommand: Command {
    let mark: String
    let name = "tricky"
    var summary: String { "isn't `touch \(mark)` or $(touch \(mark)): [a \\ 'b" }
    let explanation: [String] = []
    var operands: [OperandSpecification] { [OperandSpecification("SOURCE", repeats: true, help: summary)] }
    var options: [OptionSpecification] {
        [OptionSpecification("--odd", letter: "o", value: "A:B'C", repeats: true, help: summary)]
    }
    let examples: [CommandExample] = []
    let failures: [FailureKind] = []
    let usesRepository = false
    let resultKeys: [String] = []

    func run(_ context: CommandContext) throws -> CommandOutcome { CommandOutcome() }
}
