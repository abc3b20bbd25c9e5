import Repositories

/// A file whose bytes are to be compared with its SHA-256.
struct ContentJob: Sendable {
    var content: Content
    var digest: [UInt8]

    /// What stands for a content with its digest: however many entries have both, they are right or wrong together.
    var key: Int { Self.key(content, digest) }

    /// The same for any content.
    static func key(_ content: Content, _ digest: [UInt8]) -> Int {
        var hasher = Hasher()
        hasher.combine(digest)
        hasher.combine(content.length)
        hasher.combine(content.depth)
        for item in content.items {
            hasher.combine(item.id)
            hasher.combine(item.covered)
        }
        return hasher.finalize()
    }
}
