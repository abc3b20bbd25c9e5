import DataSources
import Entries
import Platform
import Repositories

/// The parent snapshot's tree of one source, stepped through beside the walk. Used by the walking thread.
///
/// It only saves work. Where the parent is damaged there is no parent: the entries are read again, and stored anew.
final class ParentTree {
    private let reader: ChunkReader
    private let index: ChunkIndex
    private var directories: [Directory?] = []
    private var root: TreeEntry?

    /// A directory of the parent beside the one that is walked.
    private enum Directory {
        /// Steps along with names that ascend.
        case ascending(TreeCursor)
        /// A small one, whose names are asked for in any order.
        case any([[UInt8]: TreeEntry])
    }

    /// Looks for the source's root in `record`.
    init(_ record: SnapshotRecord?, source: String, repository: Repository, index: ChunkIndex) throws {
        reader = ChunkReader(repository, index: index, keeping: 8, recovers: false)
        self.index = index
        guard let record else { return }
        let reader = reader
        root =
            try Self.unlessDamaged { try TreeCursor(record.root, reader: reader).advance(to: Array(source.utf8)) }
            ?? nil
    }

    /// The entry that the source's root was.
    func matchRoot() -> TreeEntry? { root }

    /// The parent's entry of a name in the current directory. Names must be asked for in the directory's order.
    func match(_ name: [UInt8]) throws -> TreeEntry? {
        guard let last = directories.last, let directory = last else { return nil }
        let entry = try Self.unlessDamaged {
            switch directory {
            case .ascending(let cursor): try cursor.advance(to: name)
            case .any(let entries): entries[name]
            }
        }
        if let entry { return entry }
        directories[directories.count - 1] = nil
        return nil
    }

    /// The bytes of a small file in the current directory; nil when it has none of that name, or cannot be read.
    func bytes(of name: [UInt8]) throws -> [UInt8]? {
        guard let item = try match(name), item.entry.kind == .file, let content = item.content else { return nil }
        return try Self.unlessDamaged {
            try reader.whole(content, limit: PipelineLimits.parentFileBytes, object: printable(name))
        }
    }

    /// Goes into a directory of which the parent had `entry`, or nothing.
    func enter(_ entry: TreeEntry?, order: ChildOrder) throws {
        guard let entry, entry.entry.kind == .directory, let content = entry.content else {
            return directories.append(nil)
        }
        let cursor = try TreeCursor(content, reader: reader)
        guard order == .any else { return directories.append(.ascending(cursor)) }
        directories.append(
            try Self.unlessDamaged {
                var entries: [[UInt8]: TreeEntry] = [:]
                while let item = try cursor.next() { entries[item.entry.name] = item }
                return .any(entries)
            })
    }

    /// Goes back to the directory above.
    func leave() { directories.removeLast() }

    /// Whether an entry is as the parent has it, with all its chunks at hand.
    func isUnchanged(_ entry: Entry, _ old: TreeEntry) throws -> Bool {
        let before = old.entry
        guard old.isSettled, before.kind == entry.kind, before.changed == entry.changed,
            before.modified == entry.modified,
            before.inode == entry.inode, before.kind != .file || before.size == entry.size
        else { return false }
        guard let content = old.content else { return true }
        return try Self.unlessDamaged { try isStored(content.items, depth: content.depth) } ?? false
    }

    private func isStored(_ items: [Content.Item], depth: UInt8) throws -> Bool {
        for item in items {
            guard index.contains(item.id) else { return false }
            if depth > 0, try !isStored(try reader.list(item), depth: depth - 1) { return false }
        }
        return true
    }

    /// The answer; nil when what was asked of the parent is damaged.
    private static func unlessDamaged<Answer>(_ body: () throws -> Answer) throws -> Answer? {
        do { return try body() } catch let failure as Failure where failure.kind == .damaged { return nil }
    }
}
