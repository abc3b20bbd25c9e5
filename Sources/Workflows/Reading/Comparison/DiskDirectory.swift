import DataSources
import Entries
import Platform

/// A directory on disk that is compared.
final class DiskDirectory: ComparedDirectory {
    private let live: LiveDirectory
    private var upcoming: ComparedEntry?

    init(_ live: LiveDirectory) { self.live = live }

    func peek() -> ComparedEntry? {
        if upcoming == nil {
            switch live.next() {
            case .entry(let entry): upcoming = ComparedEntry(entry)
            case .unreadable(let name, let problem): upcoming = ComparedEntry(name, problem)
            case nil: break
            }
        }
        return upcoming
    }

    func pass() { upcoming = nil }

    var hasGap: Bool { false }

    func complete(_ entry: inout Entry, attributes: Bool) throws {
        try live.complete(&entry, attributes: attributes)
    }

    func findDigest(of entry: inout Entry) throws -> UInt64 {
        let (digest, bytes) = try live.digest(of: entry.name)
        (entry.digest, entry.size) = (digest, bytes)
        return bytes
    }

    func enter(_ entry: ComparedEntry) throws -> any ComparedDirectory { DiskDirectory(try live.enter(entry.name)) }

    func rest() {}
}
