import Formats
import Platform

/// A text of a policy, where it stands, and by which keys it is reached.
struct PlacedText {
    var text: String
    var place: JSON5Place
    /// `drill.start[0].argv[1]`.
    var label: String

    /// The text as it may be shown.
    var shown: String { Self.shown(text) }

    /// Any text of the file as it may be shown: nothing in it steers a terminal, and it is not long.
    static func shown(_ text: String) -> String {
        let safe = printable(Array(text.utf8))
        return safe.count <= 80 ? safe : safe.prefix(79) + "…"
    }
}
