import Formats

/// One thing that is wrong with a policy, and where.
package struct PolicyMistake: Sendable, Equatable {
    /// One sentence without a full stop.
    package var sentence: String
    package var place: JSON5Place
    /// What the writer may do about it.
    package var hint: String?

    /// Makes a mistake. What it quotes from the file cannot steer a terminal.
    package init(_ sentence: String, at place: JSON5Place, hint: String? = nil) {
        self.sentence = Self.harmless(sentence)
        self.place = place
        self.hint = hint.map(Self.harmless)
    }

    private static func harmless(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: safe.append("\u{fffd}")
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }
}
