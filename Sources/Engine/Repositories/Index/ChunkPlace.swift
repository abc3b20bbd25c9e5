import Sealing

/// Where a chunk lies: which frame, and where in its plain bytes.
package struct ChunkPlace: Sendable, Equatable {
    /// The frame's number in the `ChunkIndex` that gave this place.
    package var frame: UInt32
    package var offset: UInt32
    package var length: UInt32
}

/// Where a frame lies in its pack.
package struct FramePlace: Sendable, Equatable {
    /// The pack's number in the `ChunkIndex` that gave this place.
    package var pack: UInt32
    package var ordinal: UInt32
    /// Byte of the object where the frame begins.
    package var offset: UInt64
    package var sealedLength: Int
    package var codec: Codec
    package var plainLength: Int
}
