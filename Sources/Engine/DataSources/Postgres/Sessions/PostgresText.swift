/// How names and values are written in SQL and in the paths of a snapshot.
///
/// All of it looks at Unicode scalars and never at Swift's characters: a quote with a combining mark behind it, or a
/// prepending one in front of it, is one character that is not a quote, and for the server it is a quote. Whoever may
/// name a table would write SQL for us.
enum PostgresText {
    /// A text in which some scalars are written otherwise.
    static func escaping(_ text: String, _ escape: (Unicode.Scalar) -> String?) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let escaped = escape(scalar) {
                result.append(contentsOf: escaped.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// An identifier in quotes: `"Weird ""Col"`.
    static func identifier(_ name: String) -> String {
        "\"" + escaping(name) { $0 == "\"" ? "\"\"" : nil } + "\""
    }

    /// A schema's object, both in quotes.
    static func identifier(_ schema: String, _ name: String) -> String { identifier(schema) + "." + identifier(name) }

    /// A string literal that means the same with either setting of `standard_conforming_strings`.
    static func literal(_ text: String) -> String {
        let body = escaping(text) { $0 == "'" ? "''" : $0 == "\\" ? "\\\\" : nil }
        return (text.unicodeScalars.contains("\\") ? " E'" : "'") + body + "'"
    }

    /// A list of columns for COPY, with its parentheses; empty for no column, which COPY takes as "all that there are".
    static func columns(_ names: [String]) -> String {
        names.isEmpty ? "" : " (" + names.map { identifier($0) }.joined(separator: ", ") + ")"
    }

    /// The name of a file or directory for names of the database, joined by dots.
    ///
    /// `%`, `/`, `.`, `~`, `\`, `'` and control characters inside a name become `%HH`, so that the dots and the
    /// names can be told apart again. A result of more than 200 bytes is cut after 180 and gets `~` and 16 digits of a
    /// hash of the whole; the manifest says which table that is.
    static func fileName(_ names: [String]) -> String {
        let whole = names.map { escaped($0) }.joined(separator: ".")
        guard whole.utf8.count > 200 else { return whole }
        var start = ""
        for character in whole.unicodeScalars {
            if start.utf8.count + String(character).utf8.count > 180 { break }
            start.unicodeScalars.append(character)
        }
        return start + "~" + digits(fingerprint(whole), 16)
    }

    private static func escaped(_ name: String) -> String {
        escaping(name) { scalar in
            switch scalar {
            case "%", "/", ".", "~", "\\", "'", "\u{7f}", "\0"..<" ": "%" + digits(UInt64(scalar.value), 2)
            default: nil
            }
        }
    }

    private static func digits(_ number: UInt64, _ width: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    /// FNV-1a: two names that share their first 180 bytes need only differ.
    private static func fingerprint(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
