/// Reads a statement of `pg_dump` from its first byte on. What it does not know word for word it does not take.
struct PostgresStatementScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    private static let quote = UInt8(ascii: "\"")
    private static let apostrophe = UInt8(ascii: "'")

    /// Begins at the first of these bytes.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Takes a word, if it comes next.
    mutating func take(_ word: StaticString) -> Bool {
        let wanted = word.description.utf8
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// Takes a name, in quotes or without, and answers it as it is in the catalogue; nil when there is none.
    mutating func name() -> String? {
        if position < bytes.count, bytes[position] == Self.quote {
            guard let inner = quoted(by: Self.quote), !inner.isEmpty else { return nil }
            return String(decoding: inner, as: UTF8.self)
        }
        let bare = bytes[position...].prefix { Self.isBare($0) }
        guard let first = bare.first, !Self.isDigit(first) else { return nil }
        position += bare.count
        return String(decoding: bare, as: UTF8.self)
    }

    /// Takes names between parentheses, at least one, and answers each as SQL takes it.
    mutating func names() -> [String]? {
        guard take("(") else { return nil }
        var list: [String] = []
        repeat {
            guard let name = name() else { return nil }
            list.append(PostgresText.identifier(name))
        } while take(", ")
        return take(")") ? list : nil
    }

    /// Takes `(option=value, …)` and answers it as it stands there.
    mutating func options() -> String? {
        let start = position
        guard take("(") else { return nil }
        repeat {
            guard name() != nil, take("=") else { return nil }
            if position < bytes.count, bytes[position] == Self.apostrophe {
                if quoted(by: Self.apostrophe) == nil { return nil }
            } else if name() == nil {
                return nil
            }
        } while take(", ")
        return take(")") ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
    }

    /// Whether nothing follows but line breaks.
    var isAtEnd: Bool { bytes[position...].allSatisfy { $0 == UInt8(ascii: "\n") } }

    /// What stands between two marks, of which a doubled one is one of the text.
    private mutating func quoted(by mark: UInt8) -> [UInt8]? {
        var text: [UInt8] = []
        var at = position + 1
        while at < bytes.count {
            if bytes[at] == mark {
                guard at + 1 < bytes.count, bytes[at + 1] == mark else {
                    position = at + 1
                    return text
                }
                at += 1
            }
            text.append(bytes[at])
            at += 1
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isBare(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
