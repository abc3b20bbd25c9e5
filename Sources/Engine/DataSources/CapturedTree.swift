import Entries
import Formats
import Platform

/// One source as it lies in a snapshot, for whoever rebuilds it: an adapter's restore, a check. Any thread may call.
package protocol CapturedTree: Sendable {
    /// The source's manifest, as the adapter made it.
    func manifest() throws -> JSONValue
    /// The children of a directory, ascending; `path` is relative to the source's root, `[]` is the root.
    func children(of path: [[UInt8]]) throws -> [Entry]
    /// Streams a file's content in order, in pieces that are whole chunks: for COPY text, whole rows.
    /// Every piece has been verified against its id. `body` runs on the calling thread.
    /// The whole is compared with the digest of the file, unless it `isProvedLater`: for who reads everything back from
    /// where `body` puts it, and compares that.
    func read(_ path: [[UInt8]], isProvedLater: Bool, _ body: (Span<UInt8>) throws -> Void) throws
}

extension CapturedTree {
    /// The same, with the whole compared with its digest.
    package func read(_ path: [[UInt8]], _ body: (Span<UInt8>) throws -> Void) throws {
        try read(path, isProvedLater: false, body)
    }
}
