import Formats
import Platform
import Policies

/// `salvor policy`: reads policies, and says what is wrong with them or what they come to.
struct PolicyCommand: Command {
    let name = "policy"
    let summary = "looks whether policies are right, or explains one"
    let explanation = [
        """
        A policy is a file in JSON5 that says what is saved, where it goes, what was promised, and how it is \
        proved. Other verbs take it by --policy. check tells all that is wrong with each FILE at once, with \
        file, line and column. explain tells in sentences what a policy comes to: what is saved, what a drill \
        would do, which checks decide, and what is not covered.
        """,
        """
        Nothing is connected to and no password is read: a policy can be checked on any machine.
        """,
    ]
    let operands = [
        OperandSpecification("ACTION", choices: ["check", "explain"], help: "what to do"),
        OperandSpecification("FILE", repeats: true, help: "the policy; with check there may be several"),
    ]
    let options: [OptionSpecification] = []
    let examples = [
        CommandExample("salvor policy check /etc/salvor/shop.json5", "exit code 8 when something is wrong"),
        CommandExample("salvor policy explain /etc/salvor/shop.json5", "what it comes to, in sentences"),
    ]
    let failures: [FailureKind] = [.policy]
    let usesRepository = false
    let resultKeys = ["files", "sections"]

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let files = Array(context.arguments.operands.dropFirst())
        if context.arguments.operands[0] == Array("check".utf8) { return try check(files, context) }
        guard files.count == 1 else {
            throw Failure(.usage, "`salvor policy explain` takes one FILE, and \(files.count) are given")
        }
        return try explain(files[0], context)
    }

    private func check(_ files: [[UInt8]], _ context: CommandContext) throws -> CommandOutcome {
        var outcome = CommandOutcome()
        var list: [JSONValue] = []
        for file in files {
            do {
                let policy = try PolicyFile.read(file, workingDirectory: context.workingDirectory)
                list.append(Self.json(policy, path: file, mistakes: []))
                try context.output.summary("\(printable(file)): all well; \(Self.words(policy))")
            } catch let mistakes as PolicyMistakes {
                outcome.reasons += mistakes.failures
                list.append(Self.json(nil, path: file, mistakes: mistakes.mistakes))
            } catch let failure as Failure where failure.kind == .policy {
                outcome.reasons.append(failure)
                list.append(Self.json(nil, path: file, mistakes: []))
            }
        }
        outcome.result = [.init("files", .array(list))]
        return outcome
    }

    private static func words(_ policy: Policy) -> String {
        let sources = policy.sources.map(\.name).joined(separator: ", ")
        let checks = policy.drill.checks.count
        return "the system \(policy.name), with \(Quantity.count(policy.sources.count, "source")) (\(sources)) and "
            + Quantity.count(checks, "check") + " of its own"
    }

    private func explain(_ file: [UInt8], _ context: CommandContext) throws -> CommandOutcome {
        let policy = try PolicyFile.read(file, workingDirectory: context.workingDirectory)
        let explanation = PolicyExplanation(policy)
        for (number, section) in explanation.sections.enumerated() {
            try context.output.line((number == 0 ? "" : "\n") + section.title)
            for sentence in section.sentences {
                try context.output.line(HelpText.item(printable(Array(sentence.utf8))))
            }
        }
        return CommandOutcome(result: [
            .init("files", .array([Self.json(policy, path: file, mistakes: [])])),
            .init(
                "sections",
                .array(
                    explanation.sections.map { section in
                        [
                            "title": .string(section.title),
                            "sentences": .array(section.sentences.map { .string($0) }),
                        ]
                    })),
        ])
    }

    private static func json(_ policy: Policy?, path: [UInt8], mistakes: [PolicyMistake]) -> JSONValue {
        .object(
            JSONShapes.path(path) + [
                .init("system", JSONValue(policy?.name)), .init("digest", JSONValue(policy?.digest)),
                .init("valid", .bool(policy != nil)),
                .init(
                    "mistakes",
                    .array(
                        mistakes.map { mistake in
                            [
                                "line": JSONValue(mistake.place.line), "column": JSONValue(mistake.place.column),
                                "message": .string(mistake.sentence), "hint": JSONValue(mistake.hint),
                            ]
                        })),
            ])
    }
}
