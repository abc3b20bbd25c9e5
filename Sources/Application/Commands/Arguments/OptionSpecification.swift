/// One option: its names, what follows it, and its line in the help. Parsing, help and completion all come from here.
struct OptionSpecification: Sendable, Equatable {
    /// The long name with its dashes: `--repository`.
    let name: String
    /// The one-letter name, without its dash.
    let letter: Character?
    /// What the value is called in the help; nil for an option that takes none.
    let value: String?
    /// What it does, without a full stop.
    let help: String
    /// Whether it may be given several times.
    let repeats: Bool
    /// The environment variable that speaks when the option is not given.
    let variable: String?
    /// The only values allowed; empty when any is.
    let choices: [String]

    /// An option with a value.
    init(
        _ name: String, letter: Character? = nil, value: String, repeats: Bool = false, variable: String? = nil,
        choices: [String] = [], help: String
    ) {
        self.name = name
        self.letter = letter
        self.value = value
        self.help = help
        self.repeats = repeats
        self.variable = variable
        self.choices = choices
    }

    /// A switch.
    init(flag name: String, letter: Character? = nil, help: String) {
        self.name = name
        self.letter = letter
        self.value = nil
        self.help = help
        repeats = true
        variable = nil
        choices = []
    }

    /// What the help says: what it does, whether it may come again, which variable stands for it.
    var wholeHelp: String {
        help + (repeats && value != nil ? " (may be repeated)" : "") + (variable.map { " (or \($0))" } ?? "")
    }
}
