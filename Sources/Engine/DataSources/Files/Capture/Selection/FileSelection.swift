import Formats

/// What of a tree of files is saved: rules that leave things out, and a list of what is taken at all.
///
/// Rules never leave out the root itself. A directory that is kept for what marks it, or as a place where another file
/// system lies, is saved as an entry, without the rest of what is in it.
package struct FileSelection: Sendable {
    /// A pattern, and where it was written.
    package struct Pattern: Sendable, Equatable {
        package var pattern: PathPattern
        /// `--exclude`, or a file and a line.
        package var origin: String

        /// Makes a pattern with its origin.
        package init(_ pattern: PathPattern, origin: String) {
            self.pattern = pattern
            self.origin = origin
        }
    }

    /// The patterns in their order, the last one that means an entry decides.
    package let patterns: [Pattern]
    let compiled: PathPatterns
    /// Whether of a directory with a valid `CACHEDIR.TAG` only the tag is kept.
    package var excludesCaches = false
    /// Names by which a directory says that only what has the name is to be kept of it.
    package var markers: [[UInt8]] = []
    /// Whether directories on which another file system is mounted are kept empty; bind mounts are others, too.
    package var staysOnFileSystem = false
    /// The largest file that is saved.
    package var largestFileBytes: UInt64?
    /// The only things that are saved, with the directories above them; nil for everything.
    package var list: NamedPaths?

    /// Makes a selection that leaves out what the patterns say.
    package init(excluding patterns: [Pattern] = []) {
        self.patterns = patterns
        compiled = PathPatterns(patterns.map { $0.pattern })
    }

    /// Whether nothing is left out, and nothing chosen.
    package var isEverything: Bool {
        patterns.isEmpty && !excludesCaches && markers.isEmpty && !staysOnFileSystem && largestFileBytes == nil
            && list == nil
    }
}
