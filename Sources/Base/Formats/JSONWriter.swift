/// Writes JSON text (RFC 8259): one line, or indented by two spaces.
package struct JSONWriter {
    private var text: [UInt8] = []
    private let indented: Bool

    /// The text of a value.
    package static func string(_ value: JSONValue, indented: Bool = false) -> String {
        String(decoding: bytes(value, indented: indented), as: UTF8.self)
    }

    /// The UTF-8 text of a value.
    package static func bytes(_ value: JSONValue, indented: Bool = false) -> [UInt8] {
        var writer = JSONWriter(indented: indented)
        writer.write(value, depth: 0)
        return writer.text
    }

    private init(indented: Bool) { self.indented = indented }

    private mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: put("null")
        case .bool(let flag): put(flag ? "true" : "false")
        case .integer(let number): put(String(number))
        case .number(let number): put(number.isFinite ? number.description : "null")
        case .string(let string): write(string)
        case .array(let elements):
            enclose("[", "]", depth, elements.count) { writer, index in
                writer.write(elements[index], depth: depth + 1)
            }
        case .object(let members):
            enclose("{", "}", depth, members.count) { writer, index in
                writer.write(members[index].key)
                writer.put(writer.indented ? ": " : ":")
                writer.write(members[index].value, depth: depth + 1)
            }
        }
    }

    private mutating func enclose(
        _ open: String, _ close: String, _ depth: Int, _ count: Int, _ element: (inout JSONWriter, Int) -> Void
    ) {
        put(open)
        for index in 0..<count {
            if index > 0 { put(",") }
            newLine(depth + 1)
            element(&self, index)
        }
        if count > 0 { newLine(depth) }
        put(close)
    }

    private mutating func newLine(_ depth: Int) {
        guard indented else { return }
        put("\n")
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    /// Escapes what RFC 8259 asks for, and what a terminal or a script would stumble over.
    private mutating func write(_ string: String) {
        put("\"")
        // A listing is a million short strings, nearly all of them plain.
        guard string.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c || $0 >= 0x7f }) else {
            text.append(contentsOf: string.utf8)
            return put("\"")
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": put("\\\"")
            case "\\": put("\\\\")
            case "\n": put("\\n")
            case "\r": put("\\r")
            case "\t": put("\\t")
            case _ where Self.steersTerminal(scalar): put("\\u" + Hexadecimal.digits(UInt64(scalar.value), width: 4))
            default: text.append(contentsOf: Array(String(scalar).utf8))
            }
        }
        put("\"")
    }

    /// Control characters, and those that end a line or turn the direction of what follows: a name must not do that to
    /// the terminal of whoever looks at the text.
    private static func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    private mutating func put(_ piece: String) { text.append(contentsOf: piece.utf8) }
}
