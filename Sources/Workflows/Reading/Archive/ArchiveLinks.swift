import Entries
import Platform
import Repositories
import Sealing

/// Under which path an inode with several names came first into an archive.
///
/// A group is forgotten when all its names came. When there are too many at a time, later ones are not remembered: each
/// of their names becomes a file of its own, which costs room in the archive and nothing else. Used by one thread.
struct ArchiveLinks {
    /// A group of names by what makes them one: a hash, so that a long list of them is short.
    typealias Group = ChunkID

    private struct First {
        var path: [UInt8]
        /// Names that may still come.
        var left: UInt32
    }

    private var groups: [Group: First] = [:]
    private var bytes = 0
    private let limit: Int

    /// What a group takes beside its path.
    private static let overhead = 128

    /// Remembers groups of up to `limit` bytes: some 150,000 with paths of usual length.
    init(limit: Int = 32 << 20) { self.limit = limit }

    /// The group of an entry; nil for one with a single name, and for directories.
    static func group(of entry: Entry) -> Group? {
        guard entry.links > 1, entry.kind != .directory else { return nil }
        var key: [UInt8] = [entry.kind.rawValue]
        let numbers = [
            entry.device, entry.inode, UInt64(bitPattern: entry.changed.seconds), UInt64(entry.changed.nanoseconds),
            entry.size, entry.specialDevice,
        ]
        for number in numbers {
            for byte in 0..<8 { key.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(byte)))) }
        }
        key += entry.kind == .symlink ? entry.linkTarget : entry.digest
        return ChunkID(Digest.sha256(key.span))
    }

    /// The path under which a group came first; nil when this is its first name, or it was not remembered.
    mutating func first(of group: Group) -> [UInt8]? {
        guard var first = groups[group] else { return nil }
        first.left -= 1
        if first.left == 0 {
            groups[group] = nil
            bytes -= first.path.count + Self.overhead
        } else {
            groups[group] = first
        }
        return first.path
    }

    /// Remembers the path of a group's first name; `links` is how many names the inode had.
    mutating func remember(_ group: Group, _ path: [UInt8], links: UInt32) {
        let cost = path.count + Self.overhead
        guard links > 1, bytes + cost <= limit else { return }
        groups[group] = First(path: path, left: links - 1)
        bytes += cost
    }
}
