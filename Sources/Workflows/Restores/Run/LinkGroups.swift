import DataSources
import Entries
import Formats
import Platform
import Repositories
import Sealing

/// The hard-link groups of a restore: the first name of each that comes by is written, the others are links to it.
/// Any thread may call.
///
/// A group is forgotten when all its names have come by, so that what is kept are groups that are open, about 200 bytes
/// each, and not all links of a tree.
final class LinkGroups: @unchecked Sendable {
    /// A name that waits for the first one of its group.
    typealias Follower = (item: TreeEntry, directory: RestoreDirectory)

    /// What is to be done with a name.
    enum Role {
        /// It is the first one: write it, then call `finished`.
        case first(Key)
        /// The first one is there: link to it.
        case link(LinkTarget)
        /// The first one is under way; whoever finishes it gets this one, too.
        case waiting
    }

    /// Names a group: 16 bytes of a SHA-256 over what makes it one.
    struct Key: Hashable, Sendable {
        fileprivate var high: UInt64
        fileprivate var low: UInt64

        /// The group of an entry. Its content is part of it: two names may have been read at two times, within one tick
        /// of the file system's clock.
        init(_ entry: Entry) {
            let numbers: [UInt64] = [
                UInt64(entry.kind.rawValue), entry.device, entry.inode, UInt64(bitPattern: entry.changed.seconds),
                UInt64(entry.changed.nanoseconds), entry.size,
            ]
            let content = entry.kind == .symlink ? entry.linkTarget : entry.digest
            let digest = Digest.sha256((numbers.flatMap(Self.bytes) + content).span)
            high = digest[..<8].reduce(0) { $0 << 8 | UInt64($1) }
            low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        }

        private static func bytes(_ number: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
        }
    }

    private struct Group {
        /// The first name, when it is written.
        var target: LinkTarget?
        var waiting: [Follower] = []
        /// How many names are still to come, as the entries have it.
        var missing: UInt32
    }

    private let lock = Lock()
    private var groups: [Key: Group] = [:]

    /// Takes a name in, for whoever restores it.
    func join(_ item: TreeEntry, in directory: RestoreDirectory) -> Role {
        let key = Key(item.entry)
        return lock.locked {
            guard var group = groups[key] else {
                groups[key] = Group(missing: item.entry.links - 1)
                return .first(key)
            }
            group.missing = group.missing > 0 ? group.missing - 1 : 0
            if let target = group.target {
                groups[key] = group.missing == 0 ? nil : group
                return .link(target)
            }
            group.waiting.append((item, directory))
            groups[key] = group
            return .waiting
        }
    }

    /// The first name of a group is written, or nil: it could not be. Answers the names that waited for it; without a
    /// target the next name to come is the first one.
    func finished(_ key: Key, _ target: LinkTarget?) -> [Follower] {
        lock.locked {
            guard var group = groups[key] else { return [] }
            let waiting = group.waiting
            group.waiting = []
            group.target = target
            groups[key] = target == nil || group.missing == 0 ? nil : group
            return waiting
        }
    }
}
