import Formats
import Platform

/// The code that reads one kind of source.
///
/// Contract: `capture` calls `sink.root` once, then gives every entry once, and ends with every directory left. What it
/// cannot read it reports and leaves out; it throws only when nothing useful can come any more (the source is gone, the
/// server is unreachable, the run is cancelled). It holds no more than one directory's names in memory.
package protocol SourceAdapter: Sendable {
    /// The adapter's name in records and policies: `files`, `postgres`.
    static var name: String { get }
    /// The location as it is stored and shown; holds no password.
    var location: String { get }
    /// Looks whether the source can be read at all, before a session is begun: a path that exists, a server that answers.
    func probe() throws
    /// Reads the source into `sink`.
    func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome
}

/// What an adapter gets for one capture.
package struct CaptureContext: Sendable {
    /// 16 secret bytes for the row hashes of this repository: the same every night.
    package var rowHashKey: [UInt8]
    /// How many contents the sink reads at the same time; an adapter need not prepare for more.
    package var readers: Int
    package var clock: any Clock

    /// Makes a context.
    package init(rowHashKey: [UInt8], readers: Int, clock: any Clock) {
        self.rowHashKey = rowHashKey
        self.readers = readers
        self.clock = clock
    }
}

/// What a capture tells beside the entries.
package struct CaptureOutcome: Sendable {
    /// The instant whose state the data shows.
    package var dataTime: Instant
    /// What the source itself said at capture; a drill compares with it. Its shape is the adapter's.
    package var manifest: JSONValue

    /// Makes an outcome.
    package init(dataTime: Instant, manifest: JSONValue) {
        self.dataTime = dataTime
        self.manifest = manifest
    }
}
