import Entries
import Platform

/// How the bytes of an entry are cut into chunks: the adapter's choice, since it knows what they are.
package enum CutProfile: Sendable, Equatable {
    /// Files: cut by content, 256 KiB / 1 MiB / 4 MiB.
    case file
    /// A stream of lines that must stay whole, such as COPY text: cut by content near `averageBytes`, each cut moved to
    /// the end of its line. A line longer than the largest chunk is cut hard.
    case lines(averageBytes: Int)
}

/// The bytes of an entry, not read yet. The sink opens it on a thread of its choice.
package protocol ContentSource: Sendable {
    /// How to cut.
    var profile: CutProfile { get }
    /// Begins to read. May be called again after a failed or unfinished reading, and must then begin anew.
    func open() throws -> any ContentReader
}

/// A reading that is under way; used by one thread.
package protocol ContentReader: AnyObject {
    /// Appends the next bytes to `buffer`, into its free room; false when there are none left.
    /// It appends at least one byte when it answers true. Holes of files are delivered as zeros.
    func read(into buffer: inout Buffer) throws -> Bool
    /// After the end: the entry as it was while it was read, which replaces the one given to the sink.
    /// `unchanged` is false when it changed under the reading, so that the sink reads once more, then reports.
    func finish() throws -> (entry: Entry, unchanged: Bool)
}
