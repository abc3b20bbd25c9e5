import Platform

/// The help as manual pages, in roff with the `man` macros: salvor(1), and one a verb.
struct ManualPage {
    /// `salvor` or `salvor-backup`.
    let name: String
    let text: String

    /// The file's name below a folder `man1`.
    var fileName: String { name + ".1" }

    /// The page of salvor itself. `date` is the day of the text, `2026-11-21`.
    static func overview(_ commands: [any Command], date: String) -> ManualPage {
        var text = heading("salvor", "backs up a running product, and proves that it comes back", date: date)
        text += ".SH SYNOPSIS\n\(RoffText.bold("salvor")) \(RoffText.italic("VERB")) [operands] [options]\n"
        text += ".SH DESCRIPTION\n\(RoffText.line(HelpText.purpose))\n"
        text += ".SH VERBS\n"
        for command in commands {
            text += term(RoffText.bold(command.name), command.summary + "; see \(pageName(command))(1)")
        }
        text += ".SH OPTIONS OF EVERY VERB\n" + options(GlobalOptions.access + GlobalOptions.common)
        text += options([GlobalOptions.version]) + ".PP\n\(RoffText.line(HelpText.passwordPlaces))\n"
        text += examples(HelpText.overviewExamples)
        text += seeAlso(commands.map(pageName))
        return ManualPage(name: "salvor", text: text)
    }

    /// The page of a verb.
    static func page(of command: any Command, date: String) -> ManualPage {
        var text = heading(pageName(command), command.summary, date: date)
        let operands = command.operands.map { " " + RoffText.italic($0.usage) }.joined()
        text += ".SH SYNOPSIS\n\(RoffText.bold("salvor \(command.name)"))\(operands) [options]\n"
        if !command.explanation.isEmpty {
            text +=
                ".SH DESCRIPTION\n" + command.explanation.map { RoffText.line($0) + "\n" }.joined(separator: ".PP\n")
        }
        if !command.operands.isEmpty {
            text += ".SH OPERANDS\n" + command.operands.map { term(RoffText.italic($0.name), $0.help) }.joined()
        }
        if !command.options.isEmpty { text += ".SH OPTIONS\n" + options(command.options) }
        if command.usesRepository {
            text += ".SH THE REPOSITORY\n" + options(GlobalOptions.access)
            text += ".PP\n\(RoffText.line(HelpText.passwordPlaces))\n"
        }
        text += ".SH OPTIONS OF EVERY VERB\n" + options(GlobalOptions.common)
        text += examples(command.examples)
        text += ".SH EXIT STATUS\n" + term("0", "done, all well")
        for kind in ExitMeaning.kinds(of: command) { text += term(String(kind.exitCode), ExitMeaning.words(kind)) }
        return ManualPage(name: pageName(command), text: text + seeAlso(["salvor"]))
    }

    private static func pageName(_ command: any Command) -> String { "salvor-\(command.name)" }

    private static func heading(_ name: String, _ summary: String, date: String) -> String {
        """
        .\\" Made from the help by `salvor help --man`.
        .TH \(name.uppercased()) 1 \(date) "\(VersionCommand.tool)" "salvor"
        .SH NAME
        \(RoffText.escaped(name)) \\- \(RoffText.line(summary))

        """
    }

    private static func options(_ options: [OptionSpecification]) -> String {
        options.map { option in
            let letter = option.letter.map { RoffText.bold("-\($0)") + ", " } ?? ""
            let value = option.value.map { " " + RoffText.italic($0) } ?? ""
            return term(letter + RoffText.bold(option.name) + value, option.wholeHelp)
        }.joined()
    }

    private static func examples(_ examples: [CommandExample]) -> String {
        guard !examples.isEmpty else { return "" }
        return ".SH EXAMPLES\n" + examples.map { term(RoffText.bold($0.line), $0.purpose) }.joined()
    }

    private static func seeAlso(_ names: [String]) -> String {
        ".SH SEE ALSO\n" + names.map { "\(RoffText.bold($0))(1)" }.joined(separator: ",\n") + "\n"
    }

    private static func term(_ name: String, _ text: String) -> String { ".TP\n\(name)\n\(RoffText.line(text))\n" }
}
