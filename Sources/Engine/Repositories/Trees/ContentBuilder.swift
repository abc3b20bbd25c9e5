/// Collects the chunks of a run of bytes, and moves long lists of them into chunks of their own.
///
/// The lists are cut by the ids in them, so a change in the middle of a large file makes a few new lists, not all.
package struct ContentBuilder {
    private var levels: [[Content.Item]] = [[]]
    private var length: UInt64 = 0

    /// Begins an empty run.
    package init() {}

    /// Adds the next chunk. `store` saves a chunk list and gives its id.
    package mutating func append(_ id: ChunkID, length: Int, store: ([UInt8]) throws -> ChunkID) rethrows {
        self.length += UInt64(length)
        try append(Content.Item(id: id, covered: UInt64(length)), level: 0, store)
    }

    private mutating func append(_ item: Content.Item, level: Int, _ store: ([UInt8]) throws -> ChunkID) rethrows {
        if level == levels.count { levels.append([]) }
        levels[level].append(item)
        let count = levels[level].count
        // Nothing leaves a level before it is too long to stay in place: most files never need a list.
        if count >= Limits.inlineItems && item.id.border % 512 == 0 || count >= Limits.listItems {
            try flush(level, store)
        }
    }

    private mutating func flush(_ level: Int, _ store: ([UInt8]) throws -> ChunkID) rethrows {
        var writer = ByteWriter()
        Content.write(levels[level], to: &writer)
        let covered = levels[level].reduce(0) { $0 + $1.covered }
        levels[level] = []
        try append(Content.Item(id: try store(writer.bytes), covered: covered), level: level + 1, store)
    }

    /// The whole run. The builder is used up.
    package mutating func finish(store: ([UInt8]) throws -> ChunkID) rethrows -> Content {
        var level = 0
        while true {
            let isTop = level == levels.count - 1
            if isTop && levels[level].count <= Limits.inlineItems {
                return Content(length: length, depth: UInt8(level), items: levels[level])
            }
            if !levels[level].isEmpty { try flush(level, store) }
            level += 1
        }
    }
}
