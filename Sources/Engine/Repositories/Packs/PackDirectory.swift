import Platform
import Sealing

/// What lies in a pack: its frames in order, and the chunks in each.
package struct PackDirectory: Sendable, Equatable {
    /// One chunk in a frame.
    package struct Chunk: Sendable, Equatable {
        package var id: ChunkID
        package var length: Int

        /// Makes a chunk.
        package init(id: ChunkID, length: Int) {
            self.id = id
            self.length = length
        }
    }

    /// One frame: how it is sealed and packed, and what is in it.
    package struct Frame: Sendable, Equatable {
        /// Bytes in the object, with the tag.
        package var sealedLength: Int
        package var codec: Codec
        package var plainLength: Int
        package var chunks: [Chunk]
    }

    /// The session that wrote the pack.
    package var session: [UInt8]
    package var frames: [Frame]

    /// The plaintext of the sealed directory.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.byte(1)
        writer.bytes.append(contentsOf: session)
        writer.varint(frames.count)
        for frame in frames {
            writer.varint(frame.sealedLength)
            writer.byte(frame.codec.rawValue)
            writer.varint(frame.plainLength)
            writer.varint(frame.chunks.count)
            for chunk in frame.chunks {
                writer.chunkID(chunk.id)
                writer.varint(chunk.length)
            }
        }
        return writer.bytes
    }

    init(session: [UInt8], frames: [Frame]) {
        self.session = session
        self.frames = frames
    }

    /// Reads a directory whose frames fill exactly `room` bytes of the object.
    init(_ bytes: [UInt8], room: UInt64, object: String) throws {
        var reader = ByteReader(bytes, object: object)
        guard try reader.byte() == 1 else { throw reader.damaged("its directory is of an unknown version") }
        session = try reader.fixed(16)
        frames = []
        var used: UInt64 = 0
        for _ in 0..<(try reader.count(1 << 22)) {
            let sealed = try reader.count(Limits.frameBytes + AuthenticatedCipher.tagLength)
            guard let codec = Codec(rawValue: try reader.byte()) else { throw reader.damaged("an unknown codec") }
            let plain = try reader.count(Limits.frameBytes)
            var frame = Frame(sealedLength: sealed, codec: codec, plainLength: plain, chunks: [])
            var total = 0
            for _ in 0..<(try reader.count(Limits.frameBytes)) {
                let chunk = Chunk(id: try reader.chunkID(), length: try reader.count(Limits.chunkBytes))
                total += chunk.length
                guard chunk.length > 0, total <= plain else {
                    throw reader.damaged("the chunks of a frame do not add up")
                }
                frame.chunks.append(chunk)
            }
            guard total == plain, total > 0, sealed > AuthenticatedCipher.tagLength else {
                throw reader.damaged("the chunks of a frame do not add up")
            }
            used += UInt64(sealed)
            frames.append(frame)
        }
        try reader.finish()
        guard used == room else { throw reader.damaged("its frames do not fill it") }
    }
}
