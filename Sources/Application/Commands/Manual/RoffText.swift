/// Text for a manual page: nothing in it is read as a request or an escape.
enum RoffText {
    /// A text as it is; what stands in backticks is shown in bold.
    static func line(_ text: String) -> String {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        // A backtick without its partner is a backtick.
        guard pieces.count % 2 == 1 else { return guarded(escaped(text)) }
        return guarded(
            pieces.enumerated().map { $0.offset % 2 == 0 ? escaped(String($0.element)) : bold(String($0.element)) }
                .joined())
    }

    /// In bold: what is typed as it stands.
    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    /// In italics: what the reader puts something for.
    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// Every character that roff would read, spelled so that it is shown.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\e"
            case "-": "\\-"
            case "'": "\\(aq"
            case "`": "\\(ga"
            case "~": "\\(ti"
            case "^": "\\(ha"
            case _ where scalar.isASCII: String(Character(scalar))
            default: "\\[u\(hexadecimal(scalar))]"
            }
        }.joined()
    }

    /// A line that begins with a dot would be a request.
    private static func guarded(_ line: String) -> String { line.first == "." ? "\\&" + line : line }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
