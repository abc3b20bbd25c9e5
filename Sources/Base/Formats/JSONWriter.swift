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

    /// Escapes what RFC 8259 asks for, and what a terminal or a script would stumble over. By bytes: a listing is a
    /// million short strings.
    private mutating func write(_ string: String) {
        put("\"")
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): put("\\\"")
            case UInt8(ascii: "\\"): put("\\\\")
            case UInt8(ascii: "\n"): put("\\n")
            case UInt8(ascii: "\r"): put("\\r")
            case UInt8(ascii: "\t"): put("\\t")
            case 0..<0x20, 0x7f: put("\\u" + Hexadecimal.digits(UInt64(byte), width: 4))
            default:
                text.append(byte)
                // U+2028 and U+2029, which end a line for some readers.
                if byte == 0xa8 || byte == 0xa9, text.suffix(3).starts(with: [0xe2, 0x80]) {
                    text.removeLast(3)
                    put(byte == 0xa8 ? "\\u2028" : "\\u2029")
                }
            }
        }
        put("\"")
    }

    private mutating func put(_ piece: String) { text.append(contentsOf: piece.utf8) }
}
