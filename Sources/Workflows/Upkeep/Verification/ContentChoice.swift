import Entries
import Platform
import Repositories

/// Chooses which files of several chunks are compared with their SHA-256. Used by one thread.
///
/// Their bytes are read in the order of the file, which is not that of the packs: it is reading on top. So a file is
/// compared when at least half of what it is made of, each chunk counted once, is not read for one chosen before,
/// newest snapshots first. All files of the newest snapshot are, but for near copies of each other, and those that
/// repeat little very often; and all together read at most twice what is stored. Of thirty nights of a disk image the
/// last one is compared and not all thirty: the chunks of the others are read with their packs, each against its id.
struct ContentChoice {
    private let index: ChunkIndex
    private let part: DataPart
    /// The positions of chunks and chunk lists that are read for chosen files.
    private var taken: NumberSet
    /// A hash of each known content, and the beginning of its SHA-256.
    private var known: [Int: UInt64] = [:]
    /// Contents that were left out, since most of their bytes were read for others.
    private(set) var left = 0

    /// A content may be so many times as long as what is stored of it: no zeros are hashed for days.
    private static let repetitionAtMost: UInt64 = 64

    /// Chooses among the files of a part.
    init(_ index: ChunkIndex, part: DataPart) {
        self.index = index
        self.part = part
        taken = NumberSet(below: index.positions)
    }

    /// Whether a file, whose chunks are all at hand, is to be compared. What is chosen of a part is what would be
    /// chosen of it among all data.
    mutating func takes(_ item: TreeEntry, _ content: Content, reader: ChunkReader) throws -> Bool {
        let digest = item.entry.digest
        let beginning = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if let other = known.updateValue(beginning, forKey: ContentJob.key(content, [])) {
            // The same bytes have one SHA-256: of two that differ, one at least is wrong.
            return other != beginning && part.contains(digest)
        }
        var chunks = Chunks()
        try look(content.items, depth: content.depth, reader, &chunks)
        guard chunks.freshBytes >= chunks.bytes / 2, chunks.bytes >= content.length / Self.repetitionAtMost else {
            left += 1
            return false
        }
        for position in chunks.fresh { taken.insert(Int(position)) }
        return part.contains(digest)
    }

    /// The chunks and chunk lists of a content, and the bytes of the chunks, each counted once.
    private struct Chunks {
        /// Those that were not taken.
        var fresh: Set<UInt32> = []
        var others: Set<UInt32> = []
        var freshBytes: UInt64 = 0
        var bytes: UInt64 = 0
    }

    /// Looks at every chunk once, and reads each list once.
    private func look(
        _ items: [Content.Item], depth: UInt8, _ reader: ChunkReader, _ chunks: inout Chunks
    ) throws {
        for item in items {
            guard let position = index.position(of: item.id) else { continue }
            let isFresh = !taken.contains(position)
            guard
                isFresh
                    ? chunks.fresh.insert(UInt32(position)).inserted
                    : chunks.others.insert(UInt32(position)).inserted
            else { continue }
            guard depth == 0 else {
                try look(try reader.list(item), depth: depth - 1, reader, &chunks)
                continue
            }
            chunks.bytes += item.covered
            if isFresh { chunks.freshBytes += item.covered }
        }
    }
}
