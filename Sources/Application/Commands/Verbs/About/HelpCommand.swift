import Formats
import Platform

/// `salvor help [VERB]`: the overview, or all about one verb.
struct HelpCommand: Command {
    let name = "help"
    let summary = "shows what salvor can do, or all about one verb"
    let explanation: [String] = []
    let operands = [OperandSpecification("VERB", required: false, help: "the verb to explain")]
    let options = [Self.manual]
    let examples = [
        CommandExample("salvor help backup", "the operands, options, examples and exit codes of backup"),
        CommandExample("salvor help --man /usr/local/share/man/man1", "manual pages: man salvor-backup"),
    ]
    let failures: [FailureKind] = []
    let usesRepository = false
    let resultKeys = ["verb", "text", "pages"]

    static let manual = OptionSpecification(
        "--man", value: "DIR", help: "write the help into DIR as manual pages, in the place of those that are there")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let command = try context.arguments.operands.first.map(Self.command)
        if let folder = context.arguments.bytes(Self.manual) { return try writePages(of: command, folder, context) }
        let text = command.map { HelpText.text(of: $0) } ?? HelpText.overview()
        try context.output.line(String(text.dropLast()))
        return CommandOutcome(result: [.init("verb", JSONValue(command?.name)), .init("text", .string(text))])
    }

    private static func command(_ word: [UInt8]) throws(Failure) -> any Command {
        let name = String(decoding: word, as: UTF8.self)
        if let command = CommandTable.command(name) { return command }
        let meant = Suggestion.nearest(to: name, among: CommandTable.all.map(\.name))
        throw Failure(
            .usage, "there is no verb `\(printable(word))`",
            hint: meant.map { "did you mean `salvor help \($0)`?" } ?? "`salvor help` shows all verbs")
    }

    private func writePages(
        of command: (any Command)?, _ folder: [UInt8], _ context: CommandContext
    ) throws -> CommandOutcome {
        let date = Self.date(context)
        let pages =
            command.map { [ManualPage.page(of: $0, date: date)] }
            ?? [ManualPage.overview(CommandTable.all, date: date)]
            + CommandTable.all.map { ManualPage.page(of: $0, date: date) }
        let directory = try context.absolute(folder)
        try FileTree.makeDirectories(directory, mode: 0o755)
        for page in pages {
            let path = directory + Array("/\(page.fileName)".utf8)
            try FileTree.write(Array(page.text.utf8), to: path, mode: 0o644)
        }
        try context.output.summary("\(Quantity.count(pages.count, "page")) in \(printable(directory))")
        return CommandOutcome(result: [
            .init("verb", JSONValue(command?.name)),
            .init("pages", .array(pages.map { .string($0.fileName) })),
        ])
    }

    /// The day that the pages bear: the source's where a packager tells it, so that two builds are the same.
    private static func date(_ context: CommandContext) -> String {
        let told = context.environment["SOURCE_DATE_EPOCH"].flatMap { Int64($0) }
        return String(Timestamp.string(seconds: told ?? context.clock.now().seconds).prefix { $0 != "T" })
    }
}
