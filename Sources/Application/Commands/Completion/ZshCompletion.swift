/// Completion for zsh: a function for `fpath`, by zsh's own `_arguments`.
enum ZshCompletion: CompletionShell {
    static let name = "zsh"

    static func script(_ commands: [any Command]) -> String {
        let verbs = commands.map { CompletionCatalog.quoted("\($0.name):\($0.summary)") }
        return """
            #compdef salvor
            # zsh completion for salvor, made by `salvor completion zsh`.

            _salvor() {
                local context state state_descr line curcontext="$curcontext"
                local -A opt_args
                local -a every verbs
                every=(
            \(GlobalOptions.all.map { "        " + specification($0) }.joined(separator: "\n"))
                )
                verbs=(
            \(verbs.map { "        " + $0 }.joined(separator: "\n"))
                )
                _arguments -C -s -S $every ':verb:->verb' '*::operand:->behind' && return
                case $state in
                verb) _describe -t verbs verb verbs ;;
                behind)
                    curcontext="${curcontext%:*:*}:salvor-$words[1]:"
                    case $words[1] in
            \(commands.map { behind($0, commands) }.joined(separator: "\n"))
                    esac
                    ;;
                esac
            }

            # Loaded from fpath it is called; sourced, it is told to zsh.
            if [[ $funcstack[1] == _salvor ]]; then _salvor "$@"; else compdef _salvor salvor; fi

            """
    }

    private static func behind(_ command: any Command, _ commands: [any Command]) -> String {
        let operands = command.operands.map { operand in
            let colons = operand.required ? ":" : "::"
            let place = operand.repeats ? "*:" : colons
            let action = action(CompletedValue(operand, commands: commands))
            return CompletionCatalog.quoted("\(place)\(message(operand.name)):\(action)")
        }
        let lines = command.options.map(specification) + operands
        return (["        \(command.name)) _arguments -s -S $every"] + lines.map { "            \($0)" })
            .joined(separator: " \\\n") + " ;;"
    }

    /// As `_arguments` wants an option: both its names shut each other out, unless it may come again.
    private static func specification(_ option: OptionSpecification) -> String {
        let value = CompletedValue(option)
        let help = "[\(bracketed(option.help))]"
        let argument = value.map { ":\(message(option.value ?? "")):\(action($0))" } ?? ""
        let long = option.name + (value == nil ? "" : "=")
        let quoted = CompletionCatalog.quoted(help + argument)
        guard let letter = option.letter else { return (option.repeats ? "'*'" : "") + long + quoted }
        let short = "-\(letter)" + (value == nil ? "" : "+")
        let prefix = option.repeats ? "'*'" : "'(-\(letter) \(option.name))'"
        return "\(prefix){\(short),\(long)}\(quoted)"
    }

    private static func action(_ value: CompletedValue) -> String {
        switch value {
        case .files: "_files"
        case .directories: "_files -/"
        case .words(let words): "(\(words.joined(separator: " ")))"
        case .unknown: " "
        }
    }

    private static func message(_ text: String) -> String { escaped(text, [":", "\\"]) }

    private static func bracketed(_ text: String) -> String { escaped(text, ["[", "]", ":", "\\"]) }

    private static func escaped(_ text: String, _ special: Set<Character>) -> String {
        text.map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
