import DataSources
import Formats

/// What a selection left out, in words.
enum SelectionSummary {
    /// One line without an indent.
    static func line(_ outcome: SelectionOutcome) -> String {
        var parts: [String] = []
        if outcome.caches > 0 { parts.append(Quantity.count(outcome.caches, "cache")) }
        if outcome.marked > 0 {
            parts.append(Quantity.count(outcome.marked, "marked directory", "marked directories"))
        }
        if outcome.large > 0 { parts.append(Quantity.count(outcome.large, "large file")) }
        // Most of what is left out is not looked at.
        if outcome.bytes > 0 { parts.append("\(Quantity.bytes(outcome.bytes)) or more") }
        var sentences: [String] = []
        if outcome.entries > 0 {
            let details = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
            sentences.append("\(Quantity.count(outcome.entries, "entry", "entries")) left out\(details)")
        }
        if outcome.mounts > 0 {
            sentences.append("\(Quantity.count(outcome.mounts, "other file system")) not entered")
        }
        return sentences.isEmpty ? "nothing was left out" : sentences.joined(separator: ", ")
    }
}
