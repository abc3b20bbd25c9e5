/// Reads strict JSON (RFC 8259) with a limit on depth; a key that comes twice is refused.
///
/// Policies, which people write, have a parser of their own that knows lines and columns.
package struct JSONParser {
    private let text: [UInt8]
    private var position = 0
    private static let depthLimit = 64

    /// The value that `text` holds, whole.
    package static func parse(_ text: [UInt8]) throws(JSONProblem) -> JSONValue {
        var parser = JSONParser(text)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == text.count else { throw parser.problem("something follows the value") }
        return value
    }

    private init(_ text: [UInt8]) { self.text = text }

    private func problem(_ sentence: String) -> JSONProblem { JSONProblem(sentence: sentence, offset: position) }
    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
        guard depth < Self.depthLimit else { throw problem("nested too deeply") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw problem("the text ends too early")
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
        guard text[position...].starts(with: word.utf8) else { throw problem("not a JSON value") }
        position += word.utf8.count
        return value
    }

    private mutating func array(_ depth: Int) throws(JSONProblem) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw problem("expected , or ]") }
        return .array(elements)
    }

    private mutating func object(_ depth: Int) throws(JSONProblem) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        // By bytes: two strings that only look alike are two keys.
        var seen: Set<[UInt8]> = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw problem("expected a key in quotes") }
            let key = try string()
            guard seen.insert(Array(key.utf8)).inserted else { throw problem("the key \(key) comes twice") }
            guard take(UInt8(ascii: ":")) else { throw problem("expected :") }
            members.append(JSONValue.Member(key, try value(depth: depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw problem("expected , or }") }
        return .object(members)
    }

    private mutating func number() throws(JSONProblem) -> JSONValue {
        let start = position
        _ = takeAny("-")
        let whole = takeDigits()
        guard whole > 0, whole == 1 || text[position - whole] != UInt8(ascii: "0") else {
            throw problem("not a JSON value")
        }
        var isInteger = true
        if takeAny(".") {
            isInteger = false
            guard takeDigits() > 0 else { throw problem("a number without digits after its point") }
        }
        if takeAny("eE") {
            isInteger = false
            _ = takeAny("+-")
            guard takeDigits() > 0 else { throw problem("a number without digits in its exponent") }
        }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        if isInteger, let integer = Int64(digits) { return .integer(integer) }
        guard let number = Double(digits), number.isFinite else { throw problem("a number that is too large") }
        return .number(number)
    }

    private mutating func takeAny(_ choices: StaticString) -> Bool {
        guard let byte = next, choices.description.utf8.contains(byte) else { return false }
        position += 1
        return true
    }

    private mutating func takeDigits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONProblem) -> String {
        position += 1
        var bytes: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else { throw problem("not UTF-8") }
                return string
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            case 0..<0x20: throw problem("a control character in a string")
            default: bytes.append(byte)
            }
        }
        throw problem("a string without an end")
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(JSONProblem) {
        guard let byte = next else { throw problem("a string without an end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0c)
        case UInt8(ascii: "n"): bytes.append(0x0a)
        case UInt8(ascii: "r"): bytes.append(0x0d)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes.append(contentsOf: Array(String(try scalar()).utf8))
        default: throw problem("an unknown escape")
        }
    }

    private mutating func scalar() throws(JSONProblem) -> Unicode.Scalar {
        let high = try unit()
        var value = UInt32(high)
        if (0xd800..<0xdc00).contains(high) {
            guard text[position...].starts(with: "\\u".utf8) else { throw problem("half a surrogate pair") }
            position += 2
            let low = try unit()
            guard (0xdc00..<0xe000).contains(low) else { throw problem("half a surrogate pair") }
            value = 0x10000 + (UInt32(high) - 0xd800) << 10 + (UInt32(low) - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw problem("half a surrogate pair") }
        return scalar
    }

    private mutating func unit() throws(JSONProblem) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = UInt16(String(UnicodeScalar(byte)), radix: 16) else {
                throw problem("expected four hexadecimal digits")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }
}
