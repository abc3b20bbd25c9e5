/// Takes packs that no index object names into an index, many at once: an index is in order again after each batch, and
/// that goes through all of it. Used by one thread; others may look into the index meanwhile.
package struct PackIntake {
    private let index: ChunkIndex
    private var packs: [FinishedPack] = []
    private var chunks = 0

    /// Chunks of a batch: it stays small beside an index that is large, and batches are few where all is taken in.
    private var chunksAtMost: Int { max(1 << 16, index.count / 4) }

    /// Takes packs into `index`.
    package init(into index: ChunkIndex) { self.index = index }

    /// Takes a pack, which the index knows after the next `finish` at the latest.
    package mutating func add(_ pack: FinishedPack) {
        packs.append(pack)
        chunks += pack.frames.reduce(0) { $0 + $1.chunks.count }
        if chunks >= chunksAtMost { finish() }
    }

    /// Puts everything that was taken into the index.
    package mutating func finish() {
        index.adopt(packs)
        (packs, chunks) = ([], 0)
    }
}
