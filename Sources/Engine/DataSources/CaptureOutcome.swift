import Formats
import Platform

/// What a capture tells beside the entries.
package struct CaptureOutcome: Sendable {
    /// The instant whose state the data shows.
    package var dataTime: Instant
    /// What the source itself said at capture; a drill compares with it. Its shape is the adapter's.
    package var manifest: JSONValue
    /// What was chosen of the source, and what left out; nil when everything was taken.
    package var selection: SelectionOutcome?

    /// Makes an outcome.
    package init(dataTime: Instant, manifest: JSONValue, selection: SelectionOutcome? = nil) {
        self.dataTime = dataTime
        self.manifest = manifest
        self.selection = selection
    }
}
