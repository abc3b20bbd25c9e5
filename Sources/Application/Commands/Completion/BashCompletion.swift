/// Completion for bash. It needs nothing of the package bash-completion, which loads it when it is installed.
enum BashCompletion: CompletionShell {
    static let name = "bash"

    static func script(_ commands: [any Command]) -> String {
        """
        # bash completion for salvor, made by `salvor completion bash`.

        # What follows an option: sets `kind` to files, directories, words or unknown; empty after a switch.
        _salvor_value() {
            kind= words=
            case $1:$2 in
        \(valueCases(commands))
            esac
        }

        # What stands at a place for operands, counted from 0; the last case of a verb holds for all that follow.
        _salvor_operand() {
            kind=unknown words=
            case $1:$2 in
        \(operandCases(commands))
            esac
        }

        _salvor_options() {
            case $1 in
        \(optionCases(commands))
            esac
        }

        \(walk(commands))
        complete -F _salvor salvor

        """
    }

    private static func valueCases(_ commands: [any Command]) -> String {
        var lines = GlobalOptions.all.compactMap { line(verb: "*", $0) }
        for command in commands { lines += command.options.compactMap { line(verb: command.name, $0) } }
        return lines.joined(separator: "\n")
    }

    private static func line(verb: String, _ option: OptionSpecification) -> String? {
        guard let value = CompletedValue(option) else { return nil }
        let letter = option.letter.map { " | \(verb):-\($0)" } ?? ""
        return "    \(verb):\(option.name)\(letter)) \(assignment(value)) ;;"
    }

    private static func operandCases(_ commands: [any Command]) -> String {
        var lines: [String] = []
        for command in commands {
            for (place, operand) in command.operands.enumerated() {
                let value = CompletedValue(operand, commands: commands)
                guard value != .unknown else { continue }
                lines.append("    \(command.name):\(operand.repeats ? "*" : String(place))) \(assignment(value)) ;;")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func assignment(_ value: CompletedValue) -> String {
        switch value {
        case .files: "kind=files"
        case .directories: "kind=directories"
        case .words(let words): "kind=words words=\(CompletionCatalog.quoted(words.joined(separator: " ")))"
        case .unknown: "kind=unknown"
        }
    }

    private static func optionCases(_ commands: [any Command]) -> String {
        let own = commands.map { "    \($0.name)) echo '\(names($0.options + GlobalOptions.all))' ;;" }
        return (own + ["    *) echo '\(names(GlobalOptions.all))' ;;"]).joined(separator: "\n")
    }

    private static func names(_ options: [OptionSpecification]) -> String {
        options.flatMap { option in (option.letter.map { ["-\($0)"] } ?? []) + [option.name] }.joined(separator: " ")
    }

    /// Bash cuts words at `=`, too: `--option=value` comes as three of them.
    private static func walk(_ commands: [any Command]) -> String {
        """
        _salvor() {
            local current=${COMP_WORDS[COMP_CWORD]} verb= place=0 options=1 kind= words= index word
            COMPREPLY=()
            for ((index = 1; index < COMP_CWORD; index++)); do
                word=${COMP_WORDS[index]}
                kind=
                if ((options)) && [[ $word == -- ]]; then
                    options=0
                elif ((options)) && [[ $word == -?* ]]; then
                    _salvor_value "$verb" "$word"
                    [[ -n $kind ]] || continue
                    [[ ${COMP_WORDS[index + 1]} == '=' ]] && ((index++))
                    ((++index >= COMP_CWORD)) && break
                    kind=
                elif [[ -z $verb ]]; then
                    verb=$word
                else
                    ((place++))
                fi
            done
            [[ -z $kind || $current != '=' ]] || current=
            if [[ -z $kind ]]; then
                if ((options)) && [[ $current == -* ]]; then
                    kind=words words=$(_salvor_options "$verb")
                elif [[ -z $verb ]]; then
                    kind=words words='\(commands.map(\.name).joined(separator: " "))'
                else
                    _salvor_operand "$verb" "$place"
                fi
            fi
            local IFS=$'\\n'
            case $kind in
            files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
            directories) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
            words) IFS=$' \\n'; COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
            esac
        }
        """
    }
}
