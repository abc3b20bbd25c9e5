/// What a verb takes without a dash: a source, a snapshot, an action.
struct OperandSpecification: Sendable, Equatable {
    /// The name in the help: `SOURCE`.
    let name: String
    let required: Bool
    /// Whether the last operand may come several times.
    let repeats: Bool
    /// The only words allowed; empty when any is.
    let choices: [String]
    /// What it is, without a full stop.
    let help: String

    /// Makes an operand.
    init(_ name: String, required: Bool = true, repeats: Bool = false, choices: [String] = [], help: String) {
        self.name = name
        self.required = required
        self.repeats = repeats
        self.choices = choices
        self.help = help
    }

    /// As it stands in the usage line.
    var usage: String {
        let shown = choices.isEmpty ? name : choices.joined(separator: "|")
        let several = repeats ? shown + "…" : shown
        return required ? several : "[\(several)]"
    }
}
