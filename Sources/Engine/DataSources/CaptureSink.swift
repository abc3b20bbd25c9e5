import Entries
import Platform

/// Where an adapter puts what it captures: entries in the order of a walk, bytes on demand.
///
/// The adapter calls from one thread. Between `enter` and `leave` come the children of that directory, each name once.
/// With `.ascending` names come in ascending order of their bytes, and a directory of any size takes constant memory;
/// with `.any` they may come in any order, for small directories. The root itself is entered by the caller, not by the
/// adapter: the adapter gives what lies in it, or for a source that is one file calls `root(_:content:)`.
package protocol CaptureSink: AnyObject, Sendable {
    /// Tells what the source's root is, once, before anything else. A directory's children follow; a file's content is
    /// given here.
    func root(_ entry: Entry, content: (any ContentSource)?, order: ChildOrder) throws

    /// Offers what a look at the entry told, before it is opened. True: the entry is unchanged since the parent
    /// snapshot, all its chunks are there, and the sink took it over; the adapter does nothing more about it.
    /// False: the adapter goes on with `add` or `enter`. Directories are never taken over.
    func takesOver(_ entry: Entry) throws -> Bool

    /// Adds an entry that is no directory. Files need `content` (an empty file too).
    func add(_ entry: Entry, content: (any ContentSource)?) throws

    /// Begins a directory; its children follow.
    func enter(_ directory: Entry, order: ChildOrder) throws

    /// The bytes of a small file that the parent snapshot has in the directory entered last, which must have been
    /// entered in any order; nil when there is none, or it cannot be read. For what an adapter learned last time.
    func parentBytes(of name: [UInt8]) throws -> [UInt8]?

    /// Ends the directory entered last.
    func leave() throws

    /// Waits until every content given so far has been read to its end.
    func settle() throws

    /// Tells of a view that lasts until the capture ends, before anything of it is given.
    func hold(_ view: HeldView)

    /// Notes what could not be captured, or only in part. Any thread may call.
    func report(_ finding: Finding)

    /// Throws when the run must stop. Call it at least once an entry, and while waiting. Any thread may call.
    func checkCancellation() throws
}

/// What holds for sinks that know no parent, and tell nobody.
extension CaptureSink {
    package func hold(_ view: HeldView) {}
    package func parentBytes(of name: [UInt8]) throws -> [UInt8]? { nil }
}
