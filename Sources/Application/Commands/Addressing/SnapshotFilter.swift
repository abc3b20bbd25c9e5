/// Which snapshots a person wants to see: all that match every part that is given.
struct SnapshotFilter: Sendable, Equatable {
    var system: String?
    var host: String?
    /// A snapshot must carry all of them.
    var tags: [String] = []

    /// Whether it lets everything through.
    var isEmpty: Bool { system == nil && host == nil && tags.isEmpty }

    /// Whether a snapshot passes.
    func passes(_ snapshot: SnapshotFacts) -> Bool {
        (system == nil || snapshot.system == system) && (host == nil || snapshot.host == host)
            && tags.allSatisfy(snapshot.tags.contains)
    }

    /// In words, for messages: `of system shop with tag nightly`.
    var words: String {
        var words: [String] = []
        if let system { words.append("of system \(system)") }
        if let host { words.append("of host \(host)") }
        for tag in tags { words.append("with tag \(tag)") }
        return words.joined(separator: " ")
    }
}
