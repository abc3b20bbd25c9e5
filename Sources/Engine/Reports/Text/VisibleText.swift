/// Texts that somebody else chose, so that they can be shown anywhere: what could move a cursor, hide text or turn it
/// round is written as an escape.
package enum VisibleText {
    /// The text with tabs as spaces, and everything else that is neither visible nor a space as `\u{hex}`.
    package static func of(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                shown.append(" ")
            } else if isVisible(scalar) {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        return String(shown)
    }

    /// At most `count` characters of a text; where some are left out, an ellipsis says so.
    ///
    /// It counts Unicode scalars: a single character may hold any number of them.
    package static func beginning(_ text: String, max count: Int) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
