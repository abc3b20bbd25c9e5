import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("Results, messages and exit codes")
struct OutputTests {
    private func run(
        _ words: [String], console: RecordedConsole = RecordedConsole(),
        _ body: @escaping @Sendable (CommandContext) throws -> CommandOutcome
    ) -> Said {
        let program = Program(
            commands: [ProbeCommand(body)], console: console, environment: [:], workingDirectory: Array("/".utf8),
            cancellation: NeverCancelled(), clock: ManualClock())
        let exit = program.run((["probe", "read"] + words).map { Array($0.utf8) })
        return Said(exit: exit, output: console.output, errors: console.errors)
    }

    private func lines(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    }

    @Test("the last line of JSON is the result, with every documented key, null where nothing is known")
    func result() throws {
        let said = run(["--json"]) { context in
            try context.output.record("entry", [.init("path", "a")])
            try context.output.line("for people")
            return CommandOutcome(result: [.init("second", 2)])
        }
        let lines = try lines(said.output)
        #expect(said.exit == 0)
        #expect(lines.count == 2)
        #expect(lines[0] == ["type": "entry", "path": "a"])
        #expect(
            lines[1] == [
                "type": "result", "schema": "salvor.probe/1", "exit": 0, "reasons": [], "problems": [], "first": nil,
                "second": 2,
            ])
    }

    @Test("without --json people's lines are written, and no JSON")
    func plain() {
        let said = run([]) { context in
            try context.output.record("entry", [])
            try context.output.line("line")
            try context.output.summary("summary")
            context.output.note("note")
            return CommandOutcome()
        }
        #expect(said.output == "line\nsummary\n")
        #expect(said.errors == "note\n")
    }

    @Test("--quiet leaves the result and the problems")
    func quiet() {
        let said = run(["-q"]) { context in
            try context.output.line("line")
            try context.output.summary("summary")
            context.output.note("note")
            context.output.warn("careful")
            context.output.finding("/srv/x", "could not be read")
            return CommandOutcome()
        }
        #expect(said.output == "line\n")
        #expect(said.errors == "salvor: warning: careful\n/srv/x: could not be read\n")
    }

    @Test("a failure is one line with its cause, a hint below it, and its exit code; JSON tells the same")
    func failures() throws {
        let body: @Sendable (CommandContext) throws -> CommandOutcome = { _ in
            throw Failure(.wrongKey, "no key of /b fits", hint: "try another one", cause: "2 keys tried")
        }
        let said = run([], body)
        #expect(said.exit == 12)
        #expect(said.errors == "salvor: no key of /b fits: 2 keys tried\n  hint: try another one\n")
        #expect(said.output.isEmpty)
        let line = try lines(run(["--json"], body).output)[0]
        #expect(line["exit"]?.whole == 12)
        #expect(line["reasons"] == ["wrongKey"])
        #expect(
            line["problems"]?.elements == [
                [
                    "kind": "wrongKey", "exit": 12, "message": "no key of /b fits", "cause": "2 keys tried",
                    "hint": "try another one",
                ]
            ])
        #expect(line["first"] == .null)
    }

    @Test("a command line that cannot be read gets its JSON result, too")
    func usageJSON() throws {
        let line = try lines(salvor("backup", "--jsom", "--json").output)[0]
        #expect(line["schema"]?.text == "salvor.backup/1")
        #expect(line["exit"]?.whole == 2)
        #expect(line["snapshot"] == .null)
        #expect(try lines(salvor("--json", "nonsense").output)[0]["schema"]?.text == "salvor.usage/1")
    }

    @Test("several reasons give the exit code that comes first in the order of weight, and JSON names all")
    func precedence() throws {
        let order: [(FailureKind, Int32)] = [
            (.interrupted, 130), (.terminated, 143), (.damaged, 13), (.wrongKey, 12), (.notRecovered, 4),
            (.unverifiable, 6), (.unreachable, 14), (.failed, 1), (.usage, 2), (.policy, 8), (.refused, 9),
            (.noRepository, 10), (.busy, 11), (.objectiveMissed, 5), (.leftBehind, 7), (.incomplete, 3),
        ]
        for (index, (_, code)) in order.enumerated() {
            let reasons = order[index...].reversed().map { Failure($0.0, "x") }
            #expect(CommandOutcome.exitCode(reasons) == code)
        }
        #expect(CommandOutcome.exitCode([]) == 0)
        for kind in FailureKind.allCases { #expect(CommandOutcome.exitCode([Failure(kind, "x")]) == kind.exitCode) }
        let said = run(["--json"]) { _ in
            CommandOutcome(reasons: [Failure(.incomplete, "one file"), Failure(.damaged, "a pack")])
        }
        #expect(said.exit == 13)
        #expect(said.errors == "salvor: one file\nsalvor: a pack\n")
        #expect(try lines(said.output)[0]["reasons"] == ["damaged", "incomplete"])
        #expect(try lines(said.output)[0]["problems"]?.elements?.count == 2)
    }

    @Test("a reader of standard output that goes away ends the run quietly")
    func brokenPipe() {
        let console = RecordedConsole(outputError: 32, outputRoom: 100_000)
        let said = run([], console: console) { context in
            var lines = 0
            while !context.output.isClosed, lines < 1_000_000 {
                try context.output.line("0123456789")
                lines += 1
            }
            #expect(context.output.isClosed)
            return CommandOutcome()
        }
        #expect(said.exit == 0)
        #expect(said.errors.isEmpty)
    }

    @Test("a full disk behind standard output is a failure, told once")
    func fullDisk() {
        let said = run([], console: RecordedConsole(outputError: 28)) { context in
            for _ in 0..<10 { try context.output.line(String(repeating: "x", count: 1 << 15)) }
            return CommandOutcome()
        }
        #expect(said.exit == 1)
        #expect(said.errors.split(separator: "\n").count == 2)
        #expect(said.errors.hasPrefix("salvor: cannot write to standard output: No space left on device\n  hint: "))
        let late = run([], console: RecordedConsole(outputError: 28)) { context in
            try context.output.line("x")
            return CommandOutcome()
        }
        #expect(late.exit == 1)
    }

    @Test("of many findings the first hundred are told, then their number")
    func manyFindings() {
        let said = run([]) { context in
            context.output.findings((1...250).map { Finding(.missing, "file \($0)", "is gone") })
            return CommandOutcome()
        }
        let lines = said.errors.split(separator: "\n")
        #expect(lines.count == 101)
        #expect(lines.first == "file 1: is gone")
        #expect(lines.last == "… and 150 more: --json names all")
        let quiet = run(["-q"]) { context in
            context.output.findings([Finding(.notice, "a", "b"), Finding(.missing, "c", "d")])
            return CommandOutcome()
        }
        #expect(quiet.errors == "c: d\n")
    }

    @Test("a path that is not UTF-8 is told twice, one that is once")
    func paths() {
        #expect(JSONShapes.path(Array("a/\u{e9}".utf8)) == [.init("path", "a/\u{e9}"), .init("pathBytes", nil)])
        #expect(JSONShapes.path([0x61, 0xff]) == [.init("path", "a\u{fffd}"), .init("pathBytes", "Yf8=")])
    }

    @Test("a usage failure without a hint points to the help of its verb")
    func advice() {
        let said = run([]) { _ in throw Failure(.usage, "no") }
        #expect(said.errors.contains("hint: `salvor help probe`"))
    }
}
