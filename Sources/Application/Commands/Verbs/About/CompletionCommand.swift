import Formats
import Platform

/// `salvor completion SHELL`: what a shell loads to complete salvor's command line.
struct CompletionCommand: Command {
    let name = "completion"
    let summary = "writes what a shell needs to complete verbs, options and their values"
    let explanation = [
        """
        It is made from the same tables as the help. The packages put it in place; by hand: for bash into \
        ~/.local/share/bash-completion/completions/salvor, for zsh into a file _salvor in a folder of fpath, \
        for fish into ~/.config/fish/completions/salvor.fish
        """
    ]
    let operands = [
        OperandSpecification("SHELL", choices: CompletionCatalog.all.map { $0.name }, help: "the shell")
    ]
    let options: [OptionSpecification] = []
    let examples = [
        CommandExample(
            "salvor completion bash > ~/.local/share/bash-completion/completions/salvor", "for the next bash")
    ]
    let failures: [FailureKind] = []
    let usesRepository = false
    let resultKeys = ["shell", "script"]

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let word = context.arguments.operands.first.map { String(decoding: $0, as: UTF8.self) }
        guard let shell = CompletionCatalog.all.first(where: { $0.name == word }) else {
            throw Failure(.usage, "no shell is given")
        }
        let script = shell.script(CommandTable.all)
        try context.output.line(String(script.dropLast()))
        return CommandOutcome(result: [.init("shell", .string(shell.name)), .init("script", .string(script))])
    }
}
