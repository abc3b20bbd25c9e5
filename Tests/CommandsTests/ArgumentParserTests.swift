import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("Reading the command line")
struct ArgumentParserTests {
    @Test("a value may stand behind the option, behind its =, or behind its letter")
    func values() throws {
        for words in [["--level", "3"], ["--level=3"], ["-v", "3"], ["-v3"], ["-lv3"], ["-lv", "3"]] {
            let request = try ArgumentParser.parse(
                (["probe", "read"] + words).map { Array($0.utf8) }, commands: [ProbeCommand()])
            guard case .run(_, let arguments) = request else { throw Failure(.failed, "not a run") }
            #expect(try arguments.text(ProbeCommand.level) == "3", "\(words)")
            #expect(arguments.operands == [Array("read".utf8)], "\(words)")
            #expect(arguments.isOn(ProbeCommand.long) == words[0].hasPrefix("-l"), "\(words)")
        }
    }

    @Test("what stands behind the first = of an option is its value, with every further =")
    func equalsSigns() throws {
        #expect(try probe("read", "--mark=a=b=").texts(ProbeCommand.mark) == ["a=b="])
    }

    @Test("behind -- everything is an operand, and a lone - is one too")
    func operandsOnly() throws {
        let arguments = try probe("read", "-", "--", "--long", "-l", "--")
        #expect(arguments.operands.map { String(decoding: $0, as: UTF8.self) } == ["read", "-", "--long", "-l", "--"])
        #expect(!arguments.isOn(ProbeCommand.long))
    }

    @Test("options may stand between operands, and global ones before the verb")
    func order() throws {
        let request = try ArgumentParser.parse(
            ["-r", "/b", "--json", "probe", "read", "-q", "x"].map { Array($0.utf8) }, commands: [ProbeCommand()])
        guard case .run(let command, let arguments) = request else { throw Failure(.failed, "not a run") }
        #expect(command.name == "probe")
        #expect(try arguments.text(GlobalOptions.repository) == "/b")
        #expect(arguments.isOn(GlobalOptions.json) && arguments.isOn(GlobalOptions.quiet))
        #expect(arguments.operands.count == 2)
    }

    @Test("an option that repeats keeps all its values, in order")
    func repeated() throws {
        #expect(try probe("read", "--mark", "b", "--mark=a").texts(ProbeCommand.mark) == ["b", "a"])
    }

    @Test("operands keep bytes that are no text")
    func bytes() throws {
        let path: [UInt8] = [0x2f, 0xff, 0x80]
        let request = try ArgumentParser.parse(
            [Array("probe".utf8), Array("read".utf8), path], commands: [ProbeCommand()])
        guard case .run(_, let arguments) = request else { throw Failure(.failed, "not a run") }
        #expect(arguments.operands[1] == path)
    }

    @Test("a variable speaks for an option that is not given, unless it is empty")
    func variables() throws {
        let set = ["PROBE_LEVEL": "7"]
        #expect(try probe("read", environment: set).text(ProbeCommand.level) == "7")
        #expect(try probe("read", "-v", "3", environment: set).text(ProbeCommand.level) == "3")
        #expect(try probe("read", environment: ["PROBE_LEVEL": ""]).text(ProbeCommand.level) == nil)
        #expect(GlobalOptions.repository.variable == "SALVOR_REPOSITORY")
    }

    @Test("a number outside its range, or that is none, is wrong usage")
    func numbers() throws {
        #expect(try probe("read", "-v", "12").number(ProbeCommand.level, in: 1...64) == 12)
        #expect(try probe("read").number(ProbeCommand.level, in: 1...64) == nil)
        for value in ["0", "65", "x", "1.5", "99999999999999999999"] {
            let refused = failure { _ = try probe("read", "-v", value).number(ProbeCommand.level, in: 1...64) }
            #expect(refused?.kind == .usage, "\(value)")
            #expect(refused?.sentence.contains("from 1 to 64") == true)
        }
    }

    @Test(
        "wrong words are refused with exit 2, and the message names them",
        arguments: [
            (["--levle", "3", "read"], "--levle", "--level"),
            (["--marks=x", "read"], "--marks", "--mark"),
            (["-z", "read"], "-z", nil),
            (["read", "--level"], "--level needs a value (N)", nil),
            (["read", "--level", "--long"], "--level needs a value", "--level=VALUE"),
            (["read", "-v"], "-v needs a value", nil),
            (["read", "--level="], "is empty", nil),
            (["read", "--long=yes"], "--long takes no value", nil),
            (["read", "--level", "1", "-v", "2"], "--level is given twice", nil),
            (["read", "--colour", "gren"], "green, red", "green"),
            (["raed"], "`raed`", "salvor probe read"),
            ([], "needs read|write", nil),
            (["read", ""], "operand 2", nil),
        ] as [([String], String, String?)])
    func refusals(words: [String], names: String, hint: String?) throws {
        let said = run(["probe"] + words)
        #expect(said.exit == 2)
        #expect(said.output.isEmpty)
        #expect(said.errors.hasPrefix("salvor: "))
        #expect(said.errors.contains(names), "\(said.errors)")
        #expect(said.errors.contains("\n  hint: "), "\(said.errors)")
        if let hint { #expect(said.errors.contains(hint), "\(said.errors)") }
    }

    @Test("an unknown verb is answered with the one that was meant")
    func unknownVerb() {
        let said = salvor("bakcup", "/srv")
        #expect(said.exit == 2)
        #expect(said.errors == "salvor: there is no verb `bakcup`\n  hint: did you mean `salvor backup`?\n")
        #expect(salvor("frobnicate").errors.contains("`salvor help` shows all verbs"))
        #expect(salvor().exit == 2)
        #expect(salvor().errors.contains("no verb is given"))
    }

    @Test("an option of a verb that stands before the verb is told where it belongs")
    func misplaced() {
        let said = salvor("--dry-run", "backup", "/srv")
        #expect(said.exit == 2)
        #expect(said.errors.contains("stand behind it: `salvor backup --dry-run`"))
    }

    @Test("too many operands are wrong usage, and the first superfluous one is named")
    func tooMany() {
        let said = salvor("snapshots", "more", "-r", "/b")
        #expect(said.exit == 2)
        #expect(said.errors.contains("`salvor snapshots` does not take `more`"))
    }

    private func run(_ words: [String]) -> Said {
        let console = RecordedConsole()
        let program = Program(
            commands: [ProbeCommand()], console: console, environment: [:], workingDirectory: Array("/".utf8),
            cancellation: NeverCancelled(), clock: ManualClock())
        let exit = program.run(words.map { Array($0.utf8) })
        return Said(exit: exit, output: console.output, errors: console.errors)
    }
}

@Suite("Guessing what was meant")
struct SuggestionTests {
    @Test("the distance counts insertions, removals, changes and swaps")
    func distances() {
        func distance(_ left: String, _ right: String) -> Int {
            Suggestion.distance(Array(left.utf8), Array(right.utf8))
        }
        #expect(distance("", "") == 0)
        #expect(distance("", "abc") == 3)
        #expect(distance("abc", "") == 3)
        #expect(distance("drill", "drill") == 0)
        #expect(distance("dirll", "drill") == 1)
        #expect(distance("dril", "drill") == 1)
        #expect(distance("kitten", "sitting") == 3)
    }

    @Test("only what is near is suggested, or the one word that begins so")
    func nearness() {
        let verbs = CommandTable.all.map(\.name)
        #expect(Suggestion.nearest(to: "snapshot", among: verbs) == "snapshots")
        #expect(Suggestion.nearest(to: "snap", among: verbs) == "snapshots")
        #expect(Suggestion.nearest(to: "re", among: verbs) == nil)
        #expect(Suggestion.nearest(to: "prune", among: verbs) == nil)
    }
}
