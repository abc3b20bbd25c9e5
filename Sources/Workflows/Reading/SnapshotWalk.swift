import Entries
import Platform
import Repositories

/// A walk over what lies below a directory of a snapshot, entry by entry in ascending order of names.
///
/// Its caller decides which directories it enters. Memory depends neither on how deep the tree is nor on how wide:
/// each directory above holds one page as it is stored, and far above not even that. Used by one thread.
package final class SnapshotWalk {
    private struct Level {
        let cursor: TreeCursor
        /// Bytes of the directory's own path.
        let length: Int
    }

    private let reader: ChunkReader
    private let count: DirectoryCount
    private var levels: [Level] = []
    /// The path of the entry that was given last, or of the directory that was left since.
    package private(set) var path: [UInt8]

    /// Directories that keep their page: enough for nearly every tree, and at most 32 MiB of full pages.
    private static let awake = 64

    /// Begins in a directory of a snapshot whose own path is `path`, empty for its top.
    package init(_ content: Content, of record: SnapshotRecord, path: [UInt8], reader: ChunkReader) throws {
        self.reader = reader
        count = DirectoryCount(record, reader: reader)
        self.path = path
        levels = [Level(cursor: try TreeCursor(content, reader: reader), length: path.count)]
    }

    /// The path of the current directory.
    package var directory: [UInt8] { Array(path.prefix(levels.last?.length ?? 0)) }

    /// How many directories are entered, the first one among them; 0 when the walk is over.
    package var depth: Int { levels.count }

    /// The next entry of the current directory, nil at its end: then `leave` follows.
    ///
    /// Throws what keeps a part of the directory from being read. The next call goes on behind it.
    package func next() throws -> TreeEntry? {
        guard let level = levels.last else { return nil }
        guard let item = try level.cursor.next() else { return nil }
        path.removeLast(path.count - level.length)
        if !path.isEmpty { path.append(UInt8(ascii: "/")) }
        path.append(contentsOf: item.entry.name)
        return item
    }

    /// Enters the directory that was given last. Throws `.damaged` when there is no end to directories.
    package func enter(_ item: TreeEntry) throws {
        try count.enter(item.content ?? .empty)
        let cursor = try TreeCursor(item.content ?? .empty, reader: reader)
        if levels.count >= Self.awake { levels[levels.count - Self.awake].cursor.rest() }
        levels.append(Level(cursor: cursor, length: path.count))
    }

    /// Ends the current directory.
    package func leave() {
        guard let level = levels.popLast() else { return }
        path.removeLast(path.count - level.length)
    }

    /// The page that the current directory's next entry lies in, when none of it was read yet; nil in the middle of a
    /// page, and at the end.
    func nextPage() throws -> ChunkID? { try levels.last?.cursor.nextPage() }

    /// Passes over the page that `nextPage` told, unread.
    func skipPage() { levels.last?.cursor.skipPage() }
}
