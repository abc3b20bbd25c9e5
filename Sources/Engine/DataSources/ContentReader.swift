import Entries
import Platform

/// A reading that is under way; used by one thread.
package protocol ContentReader: AnyObject {
    /// Appends the next bytes to `buffer`, into its free room; false when there are none left.
    /// It appends at least one byte when it answers true. Holes of files are delivered as zeros.
    func read(into buffer: inout Buffer) throws -> Bool
    /// Where the hole ends in which the byte at `offset` lies; nil when it is data, or when nobody knows.
    func endOfHole(at offset: UInt64) -> UInt64?
    /// Passes over `count` bytes of a hole, which `read` would give as zeros next.
    func skipHole(_ count: UInt64)
    /// Whether the source changed so shortly before the reading began that whoever changed it may have been at it
    /// still, without another trace. The sink then reads once more, and believes only what it reads twice.
    var mayBeInMotion: Bool { get }
    /// Where what was read since the last call may be cut, ascending; nil when the sink is to find that out itself.
    /// For a profile of lines, and the same answer, nil or not, all the time.
    func takeBorders() -> [LineBorder]?
    /// Tells, after the end and before `finish`, how many of the bytes the repository did not hold yet.
    func noteNew(bytes: UInt64)
    /// After the end: the entry as it was while it was read, which replaces the one given to the sink.
    /// `unchanged` is false when it changed under the reading, so that the sink reads once more, then reports.
    func finish() throws -> (entry: Entry, unchanged: Bool)
}

/// What holds for sources that know no holes and stand still while they are read.
extension ContentReader {
    package func endOfHole(at offset: UInt64) -> UInt64? { nil }
    package func skipHole(_ count: UInt64) { preconditionFailure("a source without holes has none to pass over") }
    package var mayBeInMotion: Bool { false }
    package func noteNew(bytes: UInt64) {}
    package func takeBorders() -> [LineBorder]? { nil }
}
