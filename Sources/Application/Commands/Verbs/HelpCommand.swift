import Formats
import Platform

/// `salvor help [VERB]`: the overview, or all about one verb.
struct HelpCommand: Command {
    let name = "help"
    let summary = "shows what salvor can do, or all about one verb"
    let explanation: [String] = []
    let operands = [OperandSpecification("VERB", required: false, help: "the verb to explain")]
    let options: [OptionSpecification] = []
    let examples = [CommandExample("salvor help backup", "the operands, options, examples and exit codes of backup")]
    let failures: [FailureKind] = []
    let usesRepository = false
    let resultKeys = ["verb", "text"]

    func run(_ context: CommandContext) throws -> CommandOutcome {
        var verb: String?
        var text = HelpText.overview()
        if let word = context.arguments.operands.first {
            let name = String(decoding: word, as: UTF8.self)
            guard let command = CommandTable.command(name) else {
                let meant = Suggestion.nearest(to: name, among: CommandTable.all.map(\.name))
                throw Failure(
                    .usage, "there is no verb `\(printable(word))`",
                    hint: meant.map { "did you mean `salvor help \($0)`?" } ?? "`salvor help` shows all verbs")
            }
            verb = name
            text = HelpText.text(of: command)
        }
        try context.output.line(String(text.dropLast()))
        return CommandOutcome(result: [.init("verb", JSONValue(verb)), .init("text", .string(text))])
    }
}
