import DataSources
import Formats
import Platform

/// A source that a suite may read, change and take away, with what must be known about it to judge what comes.
package struct SourceUnderTest: Sendable {
    /// A change that somebody makes to one content while it is read, or right before.
    package struct Change: Sendable {
        /// The content's path in the source; empty for a source that is one file.
        package var path: [[UInt8]]
        /// Gives it other bytes.
        package var make: @Sendable () throws -> Void

        /// Takes a content and its change.
        package init(of path: [[UInt8]], _ make: @escaping @Sendable () throws -> Void) {
            self.path = path
            self.make = make
        }
    }

    /// A place where there is no source.
    package struct Absence: Sendable {
        package var adapter: any SourceAdapter
        /// What the failure says, and its kind, which decides the exit code.
        package var kind: FailureKind
        package var words: String

        /// Takes an adapter for the place.
        package init(_ adapter: any SourceAdapter, _ kind: FailureKind, words: String) {
            self.adapter = adapter
            self.kind = kind
            self.words = words
        }
    }

    /// Makes the adapter anew, as every night's process does.
    package var makeAdapter: @Sendable () throws -> any SourceAdapter
    /// Whether it can be read a second time; false for what comes once, such as a pipe.
    package var comesAgain = true
    /// Whether the adapter offers what a look tells, so that unchanged entries can be taken over.
    package var offersEntries = false
    /// The manifest without what belongs to the capture and not to the source, such as its time.
    package var lasting: @Sendable (JSONValue) -> JSONValue = { $0 }
    package var change: Change?
    /// Takes the source away, for good; the suite asks for another one afterwards.
    package var takeAway: (@Sendable () throws -> Void)?
    /// The kind of the failure when the source is gone in the middle, if the adapter gives up at all.
    package var lossKind = FailureKind.failed
    package var absence: Absence?
    /// Makes an adapter for a location with a secret in it, where such a location can be written.
    package var makeAdapterWithSecret: (@Sendable (String) throws -> any SourceAdapter)?

    /// Takes the way to the adapter.
    package init(_ makeAdapter: @escaping @Sendable () throws -> any SourceAdapter) { self.makeAdapter = makeAdapter }
}
