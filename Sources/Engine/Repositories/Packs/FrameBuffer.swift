import Platform

/// A frame that is being filled: plain chunks, one behind the other. Moved from the reader that fills it to the sealer.
package struct FrameBuffer: ~Copyable, Sendable {
    /// The plain bytes.
    package var bytes: Buffer
    /// What they are.
    package private(set) var chunks: [PackDirectory.Chunk] = []
    /// The fast hash of each, taken before its id was.
    private(set) var quickHashes: [UInt64] = []

    /// Whether it holds lines, such as a table's rows: these become as small by a quick compression as by a slower one.
    package var holdsLines = false

    /// Makes room for a frame of `capacity` bytes.
    package init(capacity: Int) { bytes = Buffer(capacity: capacity) }

    /// Appends a chunk; it must fit. `quickHash` is its `WyHash`, which is to be taken before the SHA-256 for its id:
    /// only then the sealer sees what happened to the bytes since.
    package mutating func append(_ chunk: Span<UInt8>, id: ChunkID, quickHash: UInt64) {
        quickHashes.append(quickHash)
        chunks.append(PackDirectory.Chunk(id: id, length: chunk.count))
        bytes.append(chunk)
    }

    /// Forgets everything; the memory stays.
    package mutating func clear() {
        bytes.clear()
        holdsLines = false
        chunks.removeAll(keepingCapacity: true)
        quickHashes.removeAll(keepingCapacity: true)
    }
}
