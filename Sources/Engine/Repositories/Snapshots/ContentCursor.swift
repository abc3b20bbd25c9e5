import Platform

/// Steps through the chunks of a content in order, through its chunk lists. Used by one thread.
///
/// It holds one list a level and never the whole: what a content claims to cover costs nobody memory. After a list that
/// cannot be read it goes on behind it.
package final class ContentCursor {
    private struct Level {
        var items: [Content.Item]
        var depth: UInt8
        /// Where the bytes of the next item begin.
        var offset: UInt64
        var next = 0
    }

    private let reader: ChunkReader
    private var levels: [Level]
    /// Where the chunk that was given last begins in the described bytes.
    package private(set) var offset: UInt64 = 0

    /// Begins at the first chunk of a content.
    package init(_ content: Content, reader: ChunkReader) {
        self.reader = reader
        levels = [Level(items: content.items, depth: content.depth, offset: 0)]
    }

    /// The next chunk and its length, nil at the end. Throws `.damaged` when a list cannot be read or does not add up.
    package func next() throws -> (id: ChunkID, length: Int)? {
        while let level = levels.last {
            guard level.next < level.items.count else {
                levels.removeLast()
                continue
            }
            let item = level.items[level.next]
            levels[levels.count - 1].next += 1
            // The items of a list add up to its length, which 64 bits hold.
            levels[levels.count - 1].offset += item.covered
            if level.depth > 0 {
                let list = try reader.list(item)
                levels.append(Level(items: list, depth: level.depth - 1, offset: level.offset))
                continue
            }
            guard item.covered <= UInt64(Limits.chunkBytes) else {
                throw Failure(.damaged, "the chunk \(item.id) is described as larger than a chunk can be")
            }
            offset = level.offset
            return (item.id, Int(item.covered))
        }
        return nil
    }
}
