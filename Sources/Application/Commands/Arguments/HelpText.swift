import Platform

/// The help, made from what the verbs declare, so that it cannot say less than the parser knows.
enum HelpText {
    /// No line is longer.
    static let columns = 100
    private static let nameColumn = 30

    /// What salvor is for.
    static let purpose = "salvor backs up the state of a running product, and proves that it comes back."

    /// What salvor is, and its verbs.
    static func overview(_ commands: [any Command] = CommandTable.all) -> String {
        var text = "\(purpose)\n\nUsage: salvor VERB [operands] [options]\n\nVerbs\n"
        for command in commands { text += row(command.name, command.summary, at: 14) }
        text +=
            "\nOptions of every verb\n" + options(GlobalOptions.access + GlobalOptions.common + [GlobalOptions.version])
        text += "\nExamples\n" + examples(overviewExamples)
        text += "\n`salvor help VERB` shows the operands, options, examples and exit codes of a verb.\n"
        return text
    }

    /// The first lines that somebody types.
    static let overviewExamples = [
        CommandExample("salvor init -r /backup/shop", "make a repository"),
        CommandExample(
            "salvor backup -r /backup/shop /srv/shop postgres:service=shop", "save files and a database as one snapshot"
        ),
        CommandExample("salvor drill -r /backup/shop", "prove that it all comes back"),
    ]

    /// All about one verb.
    static func text(of command: any Command) -> String {
        var text = "salvor \(command.name): \(command.summary)\n\n"
        let usage = ["Usage: salvor", command.name] + command.operands.map(\.usage) + ["[options]"]
        text += usage.joined(separator: " ") + "\n"
        for paragraph in command.explanation { text += "\n" + wrapped(paragraph, indent: 0) }
        if !command.operands.isEmpty {
            text += "\nOperands\n"
            for operand in command.operands { text += row(operand.name, operand.help, at: 13) }
        }
        if !command.options.isEmpty { text += "\nOptions\n" + options(command.options) }
        if command.usesRepository { text += "\nThe repository\n" + access }
        text += "\nOptions of every verb\n" + options(GlobalOptions.common)
        if !command.examples.isEmpty { text += "\nExamples\n" + examples(command.examples) }
        text += "\nExit codes\n" + row("0", "done, all well", at: 7)
        for kind in ExitMeaning.kinds(of: command) {
            text += row(String(kind.exitCode), ExitMeaning.words(kind), at: 7)
        }
        return text
    }

    /// Where the password comes from when no option says it.
    static let passwordPlaces =
        "What stands on the command line goes before the policy, and the policy before the variables. "
        + "Without a password option or a policy: the variable \(PasswordSource.variable), "
        + "else a recovery key in \(PasswordSource.recoveryKeyVariable), else a question at the "
        + "terminal; a recovery key can stand wherever a password can."

    private static var access: String { options(GlobalOptions.access) + wrapped(passwordPlaces, indent: 2) }

    private static func options(_ options: [OptionSpecification]) -> String {
        options.map { option in
            let letter = option.letter.map { "-\($0), " } ?? "    "
            let value = option.value.map { " \($0)" } ?? ""
            return row(letter + option.name + value, option.wholeHelp, at: nameColumn)
        }.joined()
    }

    private static func examples(_ examples: [CommandExample]) -> String {
        examples.map { "  \($0.line)\n" + wrapped($0.purpose, indent: 6) }.joined()
    }

    /// A name and its text, the text beginning at column `start`; a long name gets a line of its own.
    private static func row(_ name: String, _ help: String, at start: Int) -> String {
        let lead = "  " + name
        let body = wrapped(help, indent: start)
        if lead.count + 2 > start { return lead + "\n" + body }
        return lead + String(repeating: " ", count: start - lead.count) + body.dropFirst(start)
    }

    /// A sentence as an item of a list; a number in front is its mark.
    static func item(_ text: String) -> String {
        let isNumbered = text.drop { $0.isNumber }.hasPrefix(". ")
        let mark = isNumbered ? "  " : "  - "
        let body = wrapped(text, indent: 4)
        return mark + body.dropFirst(4).dropLast()
    }

    private static func wrapped(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > columns {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        lines.append(line)
        return lines.map { margin + $0 + "\n" }.joined()
    }
}
