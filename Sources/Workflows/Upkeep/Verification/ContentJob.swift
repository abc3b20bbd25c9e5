import Platform
import Repositories

/// A file whose bytes are to be compared with its SHA-256.
struct ContentJob: Sendable {
    var content: Content
    var digest: [UInt8]
    /// `snapshot 1a2b3c4d`.
    var label: String
    /// The names on the way to it, its own last.
    var path: [[UInt8]]

    /// How a finding names it.
    var object: String { "\(label): \(path.map { printable($0) }.joined(separator: "/"))" }
}
