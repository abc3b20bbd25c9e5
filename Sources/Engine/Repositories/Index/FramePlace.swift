import Sealing

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
