import DataSources
import Platform
import Policies
import Reports

/// `command`: a program of the user's looks at what came back, and ends as the policy expects.
struct CommandCheck: AskedCheck {
    static let type = "command"
    let policy: CheckPolicy
    let source = ""
    private let argv: [String]
    private let exit: Int32
    private let expression: String?
    private let system: StagedSystem

    init?(_ policy: CheckPolicy, of system: StagedSystem) {
        guard case .command(let argv, let exit, let expression) = policy.kind else { return nil }
        self.policy = policy
        self.argv = argv
        self.exit = exit
        self.expression = expression
        self.system = system
    }

    func answer(cancellation: any Cancellation) throws -> CheckAnswer {
        judge(try run(nil, cancellation))
    }

    /// A program that says the same of an empty database and an empty directory does not look at what came back. One
    /// that asks the started programs is shown them gone.
    func prove(cancellation: any Cancellation) throws -> [Report.Proof] {
        if provesByEndingPrograms {
            let stopped = system.stopPrograms()
            return [proof("a program ended", stopped, isSeen: try isRed(cancellation: cancellation))]
        }
        let emptiness = try StagedEmptiness(system).make()
        let isRed: Bool
        do { isRed = try !judge(run(emptiness, cancellation)).differing.isEmpty } catch {
            try cancellation.check()
            isRed = true
        }
        return [proof("everything gone", "an empty database, an empty directory", isSeen: isRed)]
    }

    var provesByEndingPrograms: Bool {
        let names = argv.flatMap { (try? PlaceholderText($0))?.names ?? [] }
        let asksData = names.contains { $0.hasSuffix(".path") || $0.contains(".url") }
        return names.contains { $0.hasPrefix("port.") } && !asksData
    }

    private func run(_ emptiness: StagedSystem.Emptiness?, _ cancellation: any Cancellation) throws
        -> ChildProcess.Outcome
    {
        do {
            return try system.run(argv, emptiness: emptiness, cancellation: cancellation)
        } catch {
            throw Failure(error).within("the program of the check cannot be run on this machine")
        }
    }

    private func judge(_ outcome: ChildProcess.Outcome) -> CheckAnswer {
        let expected = "exit \(exit)" + (expression.map { ", and a match of \($0)" } ?? "")
        var problems: [String] = []
        if outcome.ending.code != exit || outcome.ending.signal != 0 {
            problems.append("it ended with \(outcome.ending.words)")
            if !outcome.errors.isEmpty { problems.append("its last words: \(outcome.complaint)") }
        }
        if let expression, !matches(outcome.output, expression) {
            problems.append("nothing that it wrote matches \(expression)")
        }
        return CheckAnswer(
            expected: expected, actual: problems.isEmpty ? expected : outcome.ending.words, detail: argv.first ?? "",
            differing: problems, compared: 1)
    }

    private func matches(_ output: [UInt8], _ expression: String) -> Bool {
        // A regular expression stops at a NUL.
        let text = String(decoding: output.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
        return (try? RegularExpression(expression))?.matches(text) ?? false
    }
}
