import Entries
import Platform

/// A reading that is under way; used by one thread.
package protocol ContentReader: AnyObject {
    /// Appends the next bytes to `buffer`, into its free room; false when there are none left.
    /// It appends at least one byte when it answers true. Holes of files are delivered as zeros.
    func read(into buffer: inout Buffer) throws -> Bool
    /// After the end: the entry as it was while it was read, which replaces the one given to the sink.
    /// `unchanged` is false when it changed under the reading, so that the sink reads once more, then reports.
    func finish() throws -> (entry: Entry, unchanged: Bool)
}
