import Platform

/// Steps through the chunks of a content in order, through its chunk lists. Used by one thread.
///
/// It holds one list a level and never the whole: what a content claims to cover costs nobody memory.
package final class ContentCursor {
    private struct Level {
        var items: [Content.Item]
        var depth: UInt8
        var next = 0
    }

    private let reader: ChunkReader
    private var levels: [Level]

    /// Begins at the first chunk of a content.
    package init(_ content: Content, reader: ChunkReader) {
        self.reader = reader
        levels = [Level(items: content.items, depth: content.depth)]
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
            if level.depth > 0 {
                levels.append(Level(items: try reader.list(item), depth: level.depth - 1))
                continue
            }
            guard item.covered <= UInt64(Limits.chunkBytes) else {
                throw Failure(.damaged, "the chunk \(item.id) is described as larger than a chunk can be")
            }
            return (item.id, Int(item.covered))
        }
        return nil
    }
}
