import Platform
import Repositories
import Sealing

/// The chunk into which the middle of a hole is cut.
final class HoleChunk {
    /// Its name.
    let id: ChunkID
    /// The plain SHA-256 of its bytes.
    let digest: [UInt8]
    /// Their fast hash.
    let quickHash: UInt64
    /// How many zeros it has.
    let length: Int

    /// Cuts zeros as `cutter` cuts them in a file, and names them.
    init(_ cutter: Cutter, _ namer: ChunkNamer) {
        let longest = [UInt8](repeating: 0, count: cutter.sizes.most)
        length = cutter.cut(longest.span)
        let zeros = Array(longest.prefix(length))
        quickHash = WyHash.hash(zeros.span)
        (id, digest) = namer.name(.content, zeros.span)
        self.zeros = zeros
    }

    /// Its bytes.
    let zeros: [UInt8]
}
