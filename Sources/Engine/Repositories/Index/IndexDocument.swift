import Platform
import Sealing

/// One index object: some packs, and where their chunks lie.
enum IndexDocument {
    /// The content of an index object for `packs`.
    static func bytes(_ packs: [FinishedPack]) -> [UInt8] {
        let sorted = packs.sorted { $0.info.id.lexicographicallyPrecedes($1.info.id) }
        var writer = ByteWriter()
        writer.byte(1)
        writer.varint(sorted.count)
        var chunks: [(id: ChunkID, frame: Int, offset: Int, length: Int)] = []
        var number = 0
        for pack in sorted {
            writer.bytes.append(contentsOf: pack.info.id)
            writer.varint(pack.info.length)
            writer.byte(pack.info.kind.rawValue)
            writer.word(pack.info.epoch)
            writer.bytes.append(contentsOf: pack.info.salt)
            writer.varint(pack.frames.count)
            for frame in pack.frames {
                writer.varint(frame.sealedLength)
                writer.byte(frame.codec.rawValue)
                writer.varint(frame.plainLength)
                var offset = 0
                for chunk in frame.chunks {
                    chunks.append((chunk.id, number, offset, chunk.length))
                    offset += chunk.length
                }
                number += 1
            }
        }
        chunks.sort { ($0.id, $0.frame, $0.offset) < ($1.id, $1.frame, $1.offset) }
        writer.varint(chunks.count)
        for chunk in chunks {
            writer.chunkID(chunk.id)
            writer.varint(chunk.frame)
            writer.varint(chunk.offset)
            writer.varint(chunk.length)
        }
        return writer.bytes
    }

    /// Reads an index object's content into `index`.
    static func read(_ bytes: [UInt8], into index: ChunkIndex, object: String) throws {
        var reader = ByteReader(bytes, object: object)
        guard try reader.byte() == 1 else {
            throw Failure(
                .failed, "\(object) is of a version that this salvor does not know", hint: "use a newer salvor")
        }
        var frames: [UInt32] = []
        var lengths: [Int] = []
        var lastPack: [UInt8] = []
        for _ in 0..<(try reader.count(1 << 24)) {
            let pack = try self.pack(&reader)
            guard lastPack.lexicographicallyPrecedes(pack.id) else {
                throw reader.damaged("its packs are out of order")
            }
            lastPack = pack.id
            let place = index.addPack(pack)
            var offset = UInt64(ObjectHeader.length)
            let count = try reader.count(1 << 22)
            // What cannot be in the pack, or not here, is refused before memory is taken for it.
            guard count * 3 <= reader.remaining, UInt64(count * (AuthenticatedCipher.tagLength + 1)) <= pack.length
            else {
                throw reader.damaged("it ends too early")
            }
            for ordinal in 0..<count {
                let sealed = try reader.count(Limits.frameBytes + AuthenticatedCipher.tagLength)
                guard let codec = Codec(rawValue: try reader.byte()) else { throw reader.damaged("an unknown codec") }
                let plain = try reader.count(Limits.frameBytes)
                guard sealed > AuthenticatedCipher.tagLength, plain > 0 else {
                    throw reader.damaged("a frame in it is empty")
                }
                guard offset + UInt64(sealed) <= pack.length else {
                    throw reader.damaged("a frame lies outside its pack")
                }
                frames.append(
                    index.addFrame(
                        pack: place, ordinal: UInt32(ordinal), offset: offset, sealedLength: sealed, codec: codec,
                        plainLength: plain))
                lengths.append(plain)
                offset += UInt64(sealed)
            }
        }
        try chunks(&reader, frames, lengths, into: index)
        try reader.finish()
    }

    private static func pack(_ reader: inout ByteReader) throws -> PackInfo {
        let id = try reader.fixed(32)
        let length = try reader.varint()
        guard length <= Limits.packBytes, let kind = ObjectKind(rawValue: try reader.byte()),
            kind == .dataPack || kind == .treePack
        else {
            throw reader.damaged("a pack in it is impossible")
        }
        let epoch = try reader.word()
        return PackInfo(
            id: id, length: length, kind: kind, epoch: epoch, salt: try reader.fixed(ObjectHeader.saltLength))
    }

    private static func chunks(_ reader: inout ByteReader, _ frames: [UInt32], _ lengths: [Int], into index: ChunkIndex)
        throws
    {
        let count = try reader.count(1 << 28)
        guard count * (ChunkID.length + 3) <= reader.remaining else { throw reader.damaged("it ends too early") }
        index.reserve(count)
        var last = ChunkID(high: 0, low: 0)
        for _ in 0..<count {
            let id = try reader.chunkID()
            let frame = try reader.count(max(frames.count - 1, 0))
            let offset = try reader.count(Limits.frameBytes)
            let length = try reader.count(Limits.chunkBytes)
            guard frame < frames.count, last <= id, length > 0, offset + length <= lengths[frame] else {
                throw reader.damaged("a chunk in it is impossible")
            }
            last = id
            index.add(id, ChunkPlace(frame: frames[frame], offset: UInt32(offset), length: UInt32(length)))
        }
    }
}
