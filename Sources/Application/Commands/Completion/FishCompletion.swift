/// Completion for fish.
enum FishCompletion: CompletionShell {
    static let name = "fish"

    static func script(_ commands: [any Command]) -> String {
        let valued = GlobalOptions.all.filter { $0.value != nil }
        let names = valued.flatMap { option in [option.name] + (option.letter.map { ["-\($0)"] } ?? []) }
        var lines = [
            """
            # fish completion for salvor, made by `salvor completion fish`.

            # The verb and the operands that stand before the cursor, a line each. Only the values of options of every
            # verb are known not to be among them.
            function __salvor_words
                set -l skip 0
                for word in (commandline -opc)[2..]
                    if test $skip = 1
                        set skip 0
                    else if contains -- $word \(names.joined(separator: " "))
                        set skip 1
                    else if not string match -q -- '-*' $word
                        echo $word
                    end
                end
            end

            function __salvor_no_verb
                test (count (__salvor_words)) = 0
            end

            function __salvor_verb
                set -l words (__salvor_words)
                test (count $words) -gt 0; and test $words[1] = $argv[1]
            end

            # Whether the operand at that place, counted from 1, is the next one.
            function __salvor_place
                __salvor_verb $argv[1]; and test (count (__salvor_words)) = $argv[2]
            end

            complete -c salvor -f
            """
        ]
        for option in GlobalOptions.all { lines.append(line(option, condition: nil)) }
        for command in commands {
            lines.append(
                "complete -c salvor -n __salvor_no_verb -a \(command.name) -d \(quoted(command.summary))")
            for option in command.options { lines.append(line(option, condition: "__salvor_verb \(command.name)")) }
            for (place, operand) in command.operands.enumerated() {
                let condition =
                    operand.repeats ? "__salvor_verb \(command.name)" : "__salvor_place \(command.name) \(place + 1)"
                guard let offered = offered(CompletedValue(operand, commands: commands)) else { continue }
                lines.append("complete -c salvor -n \(quoted(condition)) \(offered)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ option: OptionSpecification, condition: String?) -> String {
        var line = "complete -c salvor"
        if let condition { line += " -n \(quoted(condition))" }
        if let letter = option.letter { line += " -s \(letter)" }
        line += " -l \(option.name.dropFirst(2))"
        if let value = CompletedValue(option) {
            // -x wants a value and offers no files of its own.
            line += value == .files ? " -r" : " -x"
            if let offered = offered(value) { line += " " + offered }
        }
        return line + " -d \(quoted(option.help))"
    }

    private static func offered(_ value: CompletedValue) -> String? {
        switch value {
        case .files: "-F"
        case .directories: "-a '(__fish_complete_directories)'"
        case .words(let words): "-a \(quoted(words.joined(separator: " ")))"
        case .unknown: nil
        }
    }

    /// In fish's single quotes a backslash speaks for itself, but before a quote or another one.
    private static func quoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
