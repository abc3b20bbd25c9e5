import DataSources
import Entries

/// What a watched capture shall do beside watching.
struct CaptureOrders: Sendable {
    /// Whether each content is read in all the ways that the contract allows before the sink reads it.
    var examinesContents = false
    /// Whether the offer of this number, from 0, may be answered with true.
    var mayTakeOver: @Sendable (Int) -> Bool = { _ in true }
    /// The call of `checkCancellation`, from 1, that says stop, and every later one.
    var stopsAtCheck: Int?
    /// Called on the adapter's thread with each entry's number, the root's being 0, its path and its content.
    var onEntry: (@Sendable (Int, [[UInt8]], (any ContentSource)?) throws -> Void)?
}
