import Formats
import Platform

/// Makes a request of the words of a command line, or says what is wrong with them.
struct ArgumentParser {
    /// What the words ask for.
    enum Request {
        case run(any Command, ParsedArguments)
        /// The help of a verb, or the overview.
        case help((any Command)?, ParsedArguments)
        case version(ParsedArguments)
    }

    /// The verbs that exist.
    let commands: [any Command]
    let environment: [String: String]
    private var verb: (any Command)?
    private var arguments = ParsedArguments()

    /// Makes a parser; it is used once.
    init(commands: [any Command] = CommandTable.all, environment: [String: String]) {
        self.commands = commands
        self.environment = environment
    }

    /// Reads the words. Every throw is a usage failure.
    static func parse(
        _ words: [[UInt8]], commands: [any Command] = CommandTable.all, environment: [String: String] = [:]
    ) throws(Failure) -> Request {
        try SecretGuard.check(words)
        var parser = ArgumentParser(commands: commands, environment: environment)
        try parser.read(words)
        return try parser.request()
    }

    /// The verb that the words name, as far as one can be seen: for the result of a command line that is wrong.
    static func verb(in words: [[UInt8]], commands: [any Command] = CommandTable.all) -> (any Command)? {
        var parser = ArgumentParser(commands: commands, environment: [:])
        try? parser.read(words)
        return parser.verb
    }

    private mutating func read(_ words: [[UInt8]]) throws(Failure) {
        var splitter = ArgumentSplitter(words)
        while let token = splitter.next() {
            switch token {
            case .operand(let word): try take(operand: word)
            case .long(let name, let attached):
                let option = try option(name) { $0.name == name }
                try take(option, shown: name, attached: attached, &splitter)
            case .letter(let letter):
                let option = try option("-\(letter)") { $0.letter == letter }
                try take(option, shown: "-\(letter)", attached: nil, &splitter)
            }
        }
    }

    private mutating func take(operand word: [UInt8]) throws(Failure) {
        guard verb == nil else {
            arguments.operands.append(word)
            return
        }
        let name = String(decoding: word, as: UTF8.self)
        guard let found = commands.first(where: { $0.name == name }) else {
            let meant = Suggestion.nearest(to: name, among: commands.map(\.name))
            throw Failure(
                .usage, "there is no verb `\(printable(word))`",
                hint: meant.map { "did you mean `salvor \($0)`?" } ?? "`salvor help` shows all verbs")
        }
        verb = found
    }

    /// The options that may stand here.
    private var allowed: [OptionSpecification] { (verb?.options ?? []) + GlobalOptions.all }

    private func option(
        _ shown: String, _ matches: (OptionSpecification) -> Bool
    ) throws(Failure) -> OptionSpecification {
        if let option = allowed.first(where: matches) { return option }
        let place =
            verb.map { "`salvor \($0.name)` has no option \(shown)" } ?? "there is no option \(shown) before the verb"
        if shown.hasPrefix("--"), let meant = Suggestion.nearest(to: shown, among: allowed.map(\.name)) {
            throw Failure(.usage, place, hint: "did you mean \(meant)?")
        }
        if verb == nil, let owner = commands.first(where: { $0.options.contains(where: matches) }) {
            throw Failure(.usage, place, hint: "options of a verb stand behind it: `salvor \(owner.name) \(shown)`")
        }
        throw Failure(.usage, place)
    }

    private mutating func take(
        _ option: OptionSpecification, shown: String, attached: [UInt8]?, _ splitter: inout ArgumentSplitter
    ) throws(Failure) {
        guard let valueName = option.value else {
            guard attached == nil else { throw Failure(.usage, "\(shown) takes no value") }
            return arguments.add([], to: option)
        }
        guard let value = attached ?? splitter.value() else {
            throw Failure(
                .usage, "\(shown) needs a value (\(valueName))",
                hint: "a value that begins with a dash is written \(option.name)=VALUE")
        }
        guard !value.isEmpty else { throw Failure(.usage, "the value of \(shown) (\(valueName)) is empty") }
        guard option.repeats || arguments.count(of: option) == 0 else {
            throw Failure(.usage, "\(option.name) is given twice")
        }
        try check(value, of: option)
        arguments.add(value, to: option)
    }

    private func check(_ value: [UInt8], of option: OptionSpecification) throws(Failure) {
        let text = String(decoding: value, as: UTF8.self)
        guard !option.choices.isEmpty, !option.choices.contains(text) else { return }
        let meant = Suggestion.nearest(to: text, among: option.choices)
        throw Failure(
            .usage,
            "\(option.name) cannot be `\(printable(value))`: it is one of \(option.choices.joined(separator: ", "))",
            hint: meant.map { "did you mean \($0)?" })
    }

    private mutating func request() throws(Failure) -> Request {
        if arguments.isOn(GlobalOptions.help) { return .help(verb, arguments) }
        if arguments.isOn(GlobalOptions.version) { return .version(arguments) }
        guard let verb else { throw Failure(.usage, "no verb is given", hint: "`salvor help` shows all verbs") }
        for option in allowed where arguments.count(of: option) == 0 {
            guard let variable = option.variable, let value = environment[variable], !value.isEmpty else { continue }
            arguments.add(Array(value.utf8), to: option, explicitly: false)
        }
        try checkOperands(of: verb)
        return .run(verb, arguments)
    }

    private func checkOperands(of verb: any Command) throws(Failure) {
        let given = arguments.operands
        if let empty = given.firstIndex(of: []) {
            throw Failure(
                .usage, "operand \(empty + 1) of `salvor \(verb.name)` is empty", hint: "is a variable not set?")
        }
        let missing = verb.operands.filter(\.required).dropFirst(given.count)
        if let first = missing.first {
            throw Failure(.usage, "`salvor \(verb.name)` needs \(first.usage): \(first.help)")
        }
        if given.count > verb.operands.count, verb.operands.last?.repeats != true {
            throw Failure(.usage, "`salvor \(verb.name)` does not take `\(printable(given[verb.operands.count]))`")
        }
        for (operand, word) in zip(verb.operands, given) where !operand.choices.isEmpty {
            let text = String(decoding: word, as: UTF8.self)
            guard !operand.choices.contains(text) else { continue }
            let meant = Suggestion.nearest(to: text, among: operand.choices)
            throw Failure(
                .usage,
                "`salvor \(verb.name)` cannot `\(printable(word))`: it can \(operand.choices.joined(separator: ", "))",
                hint: meant.map { "did you mean `salvor \(verb.name) \($0)`?" })
        }
    }
}
