/// Tells options from operands, word by word, without knowing what any option means.
///
/// `--name`, `--name=value`, `-x`, bundles `-xyz`, and `--` after which everything is an operand; so is a lone `-`.
struct ArgumentSplitter {
    /// One piece of the command line.
    enum Token: Equatable {
        /// `--name`, with what follows its `=`.
        case long(String, attached: [UInt8]?)
        /// One letter of `-xyz`.
        case letter(Character)
        case operand([UInt8])
    }

    private var words: ArraySlice<[UInt8]>
    /// What is left of a bundle of letters.
    private var bundle: ArraySlice<UInt8> = []
    private var operandsOnly = false
    private static let dash = UInt8(ascii: "-")

    /// Begins with the first word.
    init(_ words: [[UInt8]]) { self.words = words[...] }

    /// The next piece, nil at the end.
    mutating func next() -> Token? {
        if let letter = bundle.popFirst() { return .letter(Character(Unicode.Scalar(letter))) }
        guard let word = words.popFirst() else { return nil }
        if operandsOnly || word.count < 2 || word[0] != Self.dash { return .operand(word) }
        if word[1] != Self.dash {
            bundle = word[1...]
            return next()
        }
        if word.count == 2 {
            operandsOnly = true
            return next()
        }
        guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else {
            return .long(String(decoding: word, as: UTF8.self), attached: nil)
        }
        return .long(String(decoding: word[..<equals], as: UTF8.self), attached: Array(word[(equals + 1)...]))
    }

    /// The value of the option just read: the rest of its bundle (`-rURL`), else the next word. Nil when there is none,
    /// or when the next word looks like an option: a forgotten value must not swallow it.
    mutating func value() -> [UInt8]? {
        if !bundle.isEmpty {
            defer { bundle = [] }
            return Array(bundle)
        }
        guard let word = words.first, !(word.count > 1 && word[0] == Self.dash) else { return nil }
        return words.popFirst()
    }
}
