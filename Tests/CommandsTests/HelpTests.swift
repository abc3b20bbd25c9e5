import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("Help")
struct HelpTests {
    @Test("every verb's help names all its options, operands, exit codes, and has an example that parses")
    func complete() throws {
        for command in CommandTable.all {
            let text = HelpText.text(of: command)
            for option in command.options + GlobalOptions.common + (command.usesRepository ? GlobalOptions.access : [])
            {
                #expect(text.contains(option.name), "\(command.name) \(option.name)")
                if let letter = option.letter { #expect(text.contains("-\(letter), \(option.name)")) }
                for choice in option.choices { #expect(option.help.contains(choice), "\(option.name)=\(choice)") }
                if let variable = option.variable { #expect(text.contains(variable)) }
            }
            for operand in command.operands { #expect(text.contains(operand.usage), "\(command.name) \(operand.name)") }
            for kind in command.failures {
                #expect(text.contains("\n  \(kind.exitCode) "), "\(command.name) exit \(kind.exitCode)")
            }
            #expect(!command.examples.isEmpty)
        }
    }

    @Test("no line of any help is wider than 100 columns, or ends with a space")
    func width() {
        for text in [HelpText.overview()] + CommandTable.all.map({ HelpText.text(of: $0) }) {
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                #expect(line.count <= 100, "\(line)")
                #expect(line.last != " ", "\(line)")
            }
        }
    }

    @Test("who may ping is told how to keep the address out of the list of processes")
    func pings() {
        let verbs = CommandTable.all.filter(PingOption.isTaken)
        #expect(verbs.count >= 3)
        for verb in verbs {
            let words = HelpText.text(of: verb).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            #expect(words.contains("SALVOR_PING keeps the address out of the list of processes"), "\(words)")
        }
    }

    @Test("every example is a command line that the parser takes")
    func examples() throws {
        for command in CommandTable.all {
            for example in command.examples {
                var line = example.line.split(separator: " ").map(String.init)
                if let start = line.firstIndex(of: "salvor") { line.removeFirst(start + 1) }
                let words = line.prefix { $0 != ">" }
                let request = try ArgumentParser.parse(words.map { Array($0.utf8) })
                guard case .run(let named, _) = request else { throw Failure(.failed, "\(example.line) is no run") }
                #expect(named.name == command.name, "\(example.line)")
            }
        }
    }

    @Test("help is asked for by a verb or an option, and goes to standard output with exit 0")
    func ways() {
        let expected = HelpText.text(of: BackupCommand())
        for words in [["help", "backup"], ["backup", "--help"], ["backup", "-h", "/x"], ["-h", "backup"]] {
            let console = RecordedConsole()
            let said = Program(
                commands: CommandTable.all, console: console, environment: [:], workingDirectory: [0x2f],
                cancellation: NeverCancelled(), clock: ManualClock()
            ).run(words.map { Array($0.utf8) })
            #expect(said == 0)
            #expect(console.output == expected, "\(words)")
            #expect(console.errors.isEmpty)
        }
        #expect(salvor("help").output == HelpText.overview())
        #expect(salvor("--help").output == HelpText.overview())
    }

    @Test("help for a verb that is not there is wrong usage, with the one that was meant")
    func unknown() {
        let said = salvor("help", "dril")
        #expect(said.exit == 2)
        #expect(said.errors.contains("`salvor help drill`"))
    }

    @Test("the overview names every verb with its summary")
    func overview() {
        let text = HelpText.overview()
        for command in CommandTable.all { #expect(text.contains("  \(command.name) "), "\(command.name)") }
    }

    @Test("a verb's help begins with its name, its purpose and its usage line")
    func beginning() {
        let lines = HelpText.text(of: KeyCommand()).split(separator: "\n").prefix(2)
        #expect(lines.first == "salvor key: lists, adds, removes and changes the keys that open a repository")
        #expect(lines.last == "Usage: salvor key list|add|remove|passwd [ID] [options]")
    }

    @Test("names and options of verbs are unique, and no verb redefines a global option")
    func unique() {
        #expect(Set(CommandTable.all.map(\.name)).count == CommandTable.all.count)
        for command in CommandTable.all {
            let options = command.options + GlobalOptions.all
            #expect(Set(options.map(\.name)).count == options.count, "\(command.name)")
            let letters = options.compactMap(\.letter)
            #expect(Set(letters).count == letters.count, "\(command.name)")
        }
    }

    @Test("the version is told by a verb and by an option")
    func version() throws {
        #expect(salvor("version").output.hasPrefix("salvor 0.1.0\n"))
        #expect(salvor("--version").output == salvor("version").output)
        let line = try JSONParser.parse(Array(salvor("version", "--json").output.utf8))
        #expect(line["version"]?.text == "0.1.0")
        #expect(line["schema"]?.text == "salvor.version/1")
    }
}
