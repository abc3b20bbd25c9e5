import Sealing

/// Where a chunk lies: which frame, and where in its plain bytes.
package struct ChunkPlace: Sendable, Hashable {
    /// The frame's number in the `ChunkIndex` that gave this place.
    package var frame: UInt32
    package var offset: UInt32
    package var length: UInt32
}
