import DataSources
import Reports

/// What a load brought back.
struct RecoveredContent {
    /// Bytes of content, as they were in the source.
    var bytes: UInt64 = 0
    /// How many entries, or rows, that was.
    var items: UInt64 = 0
    /// What was loaded, for people: `51,204 entries`.
    var note = ""
    /// What could not be brought back, or only in part.
    var findings: [Finding] = []
    /// The items that took longest.
    var largest: [Report.Measure] = []
}
