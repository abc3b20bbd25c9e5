/// What a shell may offer where a value is asked for.
enum CompletedValue: Equatable {
    case files
    case directories
    /// These words and no others.
    case words([String])
    /// Nothing that a shell could know.
    case unknown

    /// For the value of an option, by the name that the help gives it; nil for a switch.
    init?(_ option: OptionSpecification) {
        guard let value = option.value else { return nil }
        if option == GlobalOptions.repository {
            self = .directories
        } else {
            self = option.choices.isEmpty ? Self.named(value) : .words(option.choices)
        }
    }

    /// For an operand.
    init(_ operand: OperandSpecification, commands: [any Command]) {
        if operand.name == "VERB" {
            self = .words(commands.map(\.name))
        } else {
            self = operand.choices.isEmpty ? Self.named(operand.name) : .words(operand.choices)
        }
    }

    private static func named(_ name: String) -> CompletedValue {
        switch name {
        case "FILE", "SOURCE": .files
        case "DIR": .directories
        default: .unknown
        }
    }
}
