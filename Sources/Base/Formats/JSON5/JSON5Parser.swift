/// Reads JSON5 (json5.org, version 1.0.0), which people write; every value and key keeps its place.
///
/// All of the language is read. Caps keep a hostile text from taking memory or stack; keys that come twice are kept,
/// for the reader to refuse together with whatever else is wrong. A text that is no JSON5 has one problem, the first.
package struct JSON5Parser {
    /// The largest text, in bytes.
    package static let bytesMax = 1 << 20
    /// How deep values may lie in each other.
    package static let depthMax = 64
    /// How many values a text may hold, all counted.
    package static let valuesMax = 100_000

    private var text: JSON5Text
    private var values = 0

    /// The value that a text holds, whole.
    package static func parse(_ bytes: [UInt8]) throws(JSON5Problem) -> JSON5Value {
        guard bytes.count <= bytesMax else {
            throw JSON5Problem(
                "the text is larger than \(Quantity.bytes(UInt64(bytesMax)))", at: JSON5Place(line: 1, column: 1))
        }
        var parser = JSON5Parser(text: try JSON5Text(bytes))
        let value = try parser.value(depth: 0)
        try parser.text.skipSpace()
        if let more = parser.text.peek() {
            throw parser.problem("the value has ended, and \(JSON5Parser.shown(more)) follows")
        }
        return value
    }

    private init(text: JSON5Text) { self.text = text }

    private func problem(_ sentence: String, hint: String? = nil) -> JSON5Problem {
        JSON5Problem(sentence, at: text.place, hint: hint)
    }

    /// A scalar as it is named in a sentence.
    static func shown(_ scalar: Unicode.Scalar) -> String {
        guard scalar.properties.generalCategory != .control, !JSON5Text.isSpace(scalar) else {
            return "U+\(String(scalar.value, radix: 16, uppercase: true))"
        }
        return "`\(String(Character(scalar)))`"
    }

    private mutating func value(depth: Int) throws(JSON5Problem) -> JSON5Value {
        try text.skipSpace()
        guard depth < Self.depthMax else { throw problem("this lies deeper than \(Self.depthMax) levels") }
        values += 1
        guard values <= Self.valuesMax else { throw problem("this is value number \(values), and that is too many") }
        let place = text.place
        let content: JSON5Value.Content
        switch text.peek() {
        case "{": content = .object(try members(depth))
        case "[": content = .array(try elements(depth))
        case "\"", "'": content = .string(try JSON5Words.string(&text))
        case nil: throw problem("a value is missing at the end of the text")
        case let scalar? where JSON5Numbers.begins(scalar): content = .number(try JSON5Numbers.number(&text))
        case let scalar? where JSON5Words.begins(scalar): content = try word()
        case let scalar?: throw problem("a value is missing before \(Self.shown(scalar))")
        }
        return JSON5Value(content, at: place)
    }

    private mutating func word() throws(JSON5Problem) -> JSON5Value.Content {
        let place = text.place
        let start = text.position
        let word = try JSON5Words.identifier(&text)
        // Only the plain letters are the value: an escape in them makes another word.
        switch text.text(from: start) {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "Infinity": return .number(JSON5Number(text: word, value: .infinity))
        case "NaN": return .number(JSON5Number(text: word, value: .nan))
        default: throw JSON5Problem("`\(word)` is no value", at: place, hint: "text stands in quotes: \"\(word)\"")
        }
    }

    private mutating func elements(_ depth: Int) throws(JSON5Problem) -> [JSON5Value] {
        let open = text.place
        text.take()
        var elements: [JSON5Value] = []
        try text.skipSpace()
        while !text.take("]") {
            try expectMore("[", open)
            elements.append(try value(depth: depth + 1))
            try separator("]", open)
        }
        return elements
    }

    private mutating func members(_ depth: Int) throws(JSON5Problem) -> [JSON5Value.Member] {
        let open = text.place
        text.take()
        var members: [JSON5Value.Member] = []
        try text.skipSpace()
        while !text.take("}") {
            try expectMore("{", open)
            let place = text.place
            let key = try key()
            try text.skipSpace()
            guard text.take(":") else {
                throw problem(
                    "`:` is missing after the key `\(key)`",
                    hint: "a key of other characters than letters, digits, _ and $ stands in quotes")
            }
            members.append(.init(key, at: place, try value(depth: depth + 1)))
            try separator("}", open)
        }
        return members
    }

    private mutating func key() throws(JSON5Problem) -> String {
        switch text.peek() {
        case "\"", "'": return try JSON5Words.string(&text)
        case let scalar? where JSON5Words.begins(scalar): return try JSON5Words.identifier(&text)
        case let scalar?: throw problem("a key is missing before \(Self.shown(scalar))")
        case nil: throw problem("a key is missing at the end of the text")
        }
    }

    private func expectMore(_ bracket: String, _ open: JSON5Place) throws(JSON5Problem) {
        guard text.peek() == nil else { return }
        throw problem("the text ends before the `\(bracket)` of line \(open.line), column \(open.column) is closed")
    }

    /// Passes a comma, or stops before the closing bracket.
    private mutating func separator(_ close: Unicode.Scalar, _ open: JSON5Place) throws(JSON5Problem) {
        try text.skipSpace()
        if text.take(",") { return try text.skipSpace() }
        if text.peek() == close { return }
        try expectMore(close == "]" ? "[" : "{", open)
        throw problem("`,` or `\(Character(close))` is missing before \(text.peek().map(Self.shown) ?? "")")
    }
}
