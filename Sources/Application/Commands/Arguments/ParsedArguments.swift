import Platform

/// The command line of one run, sorted: which verb, its operands, the options' values.
struct ParsedArguments: Sendable {
    /// Operands as they were given; bytes, since a path need not be UTF-8.
    var operands: [[UInt8]] = []
    /// Values by the option's long name; a switch that is on has one empty value.
    private var values: [String: [[UInt8]]] = [:]
    /// Options that stand on the command line itself, by their long names.
    private var explicit: Set<String> = []

    /// Notes a value of an option; one that comes from a variable is not explicit.
    mutating func add(_ value: [UInt8], to option: OptionSpecification, explicitly: Bool = true) {
        values[option.name, default: []].append(value)
        if explicitly { explicit.insert(option.name) }
    }

    /// Whether the option stands on the command line itself, and no variable speaks for it.
    func isExplicit(_ option: OptionSpecification) -> Bool { explicit.contains(option.name) }

    /// How often the option was given.
    func count(of option: OptionSpecification) -> Int { values[option.name]?.count ?? 0 }

    /// Whether a switch is on.
    func isOn(_ option: OptionSpecification) -> Bool { values[option.name] != nil }

    /// All values of an option as bytes.
    func values(_ option: OptionSpecification) -> [[UInt8]] { values[option.name] ?? [] }

    /// The option's value as bytes, nil when it was not given.
    func bytes(_ option: OptionSpecification) -> [UInt8]? { values[option.name]?.last }

    /// All values of an option that repeats, as bytes.
    func allBytes(_ option: OptionSpecification) -> [[UInt8]] { values[option.name] ?? [] }

    /// The option's value as text, nil when it was not given.
    func text(_ option: OptionSpecification) throws(Failure) -> String? {
        try bytes(option).map { bytes throws(Failure) in try Self.text(bytes, of: option.name) }
    }

    /// All values of an option that repeats.
    func texts(_ option: OptionSpecification) throws(Failure) -> [String] {
        var texts: [String] = []
        for value in values[option.name] ?? [] { texts.append(try Self.text(value, of: option.name)) }
        return texts
    }

    /// The option's value as a whole number within `range`, nil when it was not given.
    func number(_ option: OptionSpecification, in range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let text = try text(option) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Failure(
                .usage,
                "\(option.name) \(text): a whole number from \(range.lowerBound) to \(range.upperBound) is needed")
        }
        return number
    }

    private static func text(_ bytes: [UInt8], of name: String) throws(Failure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw Failure(.usage, "the value of \(name), \(printable(bytes)), is not UTF-8 text")
        }
        return text
    }
}
