import Entries
import DataSources
import Platform

/// One recorded entry: what the adapter said of it, its bytes, its children. Changed only under its sink's lock.
package final class RecordedNode: @unchecked Sendable {
    /// The entry; for a file as `finish` gave it back.
    package internal(set) var entry: Entry
    /// The bytes that were read; nil for what has none, or could not be read.
    package var bytes: [UInt8]?
    /// How the adapter said that the content is to be cut.
    package internal(set) var profile: CutProfile?
    /// The children by name.
    package internal(set) var children: [[UInt8]: RecordedNode] = [:]

    init(_ entry: Entry) { self.entry = entry }

    /// The names of the children, ascending.
    package var names: [[UInt8]] { children.keys.sorted { $0.lexicographicallyPrecedes($1) } }
}
