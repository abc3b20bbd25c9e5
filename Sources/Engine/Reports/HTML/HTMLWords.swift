import Formats
import Platform

/// Instants, durations and levels as the page says them.
enum HTMLWords {
    /// `2026-11-21`.
    static func day(_ instant: Instant) -> String {
        String(Timestamp.string(seconds: instant.seconds).prefix { $0 != "T" })
    }

    /// `2026-11-21 22:22 UTC`.
    static func minute(_ instant: Instant) -> String {
        let parts = Timestamp.string(seconds: instant.seconds).split(separator: "T")
        return "\(parts.first ?? "") \((parts.last ?? "").prefix(5)) UTC"
    }

    /// Two ends of a time by their days, or more exactly when that is the same day.
    static func span(_ first: Instant, _ last: Instant) -> (first: String, last: String) {
        day(first) == day(last) ? (minute(first), minute(last)) : (day(first), day(last))
    }

    /// `31 min 12 s`, or `none measured`.
    static func duration(_ seconds: Double?) -> String {
        seconds.map { Quantity.duration(seconds: $0) } ?? "none measured"
    }

    /// What a level of evidence shows: `L5 equal` means …
    static func meaning(ofLevel level: String) -> String {
        let meanings = [
            "the snapshot is listed", "every stored byte of it was read", "it opens with the key for the worst day",
            "it was written to staging", "its engine started on it and answers",
            "its content equals what the source itself said when it was saved",
            "the application’s own questions are answered as they should be",
            "all that, within the objectives",
        ]
        guard level.hasPrefix("L"), let number = level.dropFirst().first?.wholeNumberValue, number < meanings.count
        else { return "" }
        return meanings[number]
    }
}
