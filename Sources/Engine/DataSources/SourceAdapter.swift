import Formats
import Platform

/// The code that reads one kind of source.
///
/// Contract: `capture` calls `sink.root` once, then gives every entry once, and ends with every directory left. What it
/// cannot read it reports and leaves out; it throws only when nothing useful can come any more (the source is gone, the
/// server is unreachable, the run is cancelled). It holds no more than one directory's names in memory.
package protocol SourceAdapter: Sendable {
    /// The adapter's name in records and policies: `files`, `postgres`, `stdin`.
    static var name: String { get }
    /// The location as it is stored and shown; holds no password.
    var location: String { get }
    /// Looks whether the source can be read at all, before a session is begun: a path that exists, a server that
    /// answers.
    func probe() throws
    /// Reads the source into `sink`.
    func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome
}
