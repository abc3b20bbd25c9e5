import Platform
import Sealing

/// One index object: some packs, and where their chunks lie.
enum IndexDocument {
    /// Bytes that a frame takes, and a chunk, at least. Each frame holds a chunk: frames take memory of a reader, so
    /// those that nobody names are refused, before it is taken.
    private static let leastFrame = 3
    private static let leastChunk = ChunkID.length + 3

    /// The content of an index object for `packs`.
    static func bytes(_ packs: [FinishedPack]) -> [UInt8] {
        let sorted = packs.sorted { $0.info.id.lexicographicallyPrecedes($1.info.id) }
        var writer = ByteWriter()
        writer.byte(1)
        writer.varint(sorted.count)
        var chunks = ChunkRows()
        var number: UInt32 = 0
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
                    chunks.append(
                        chunk.id, ChunkPlace(frame: number, offset: UInt32(offset), length: UInt32(chunk.length)))
                    offset += chunk.length
                }
                number += 1
            }
        }
        chunks.settle()
        // Frame, offset and length take at most five, four and four bytes; most take half of that.
        writer.bytes.reserveCapacity(writer.bytes.count + 8 + chunks.count * (ChunkID.length + 7))
        writer.varint(chunks.count)
        for number in 0..<chunks.count {
            let row = chunks.row(number)
            writer.chunkID(row.id)
            writer.varint(UInt64(row.place.frame))
            writer.varint(UInt64(row.place.offset))
            writer.varint(UInt64(row.place.length))
        }
        return writer.bytes
    }

    /// Reads an index object's content into `index`.
    static func read(_ bytes: [UInt8], into index: ChunkIndex, object: String) throws {
        try index.fill { packs, rows in try read(bytes, &packs, &rows, object: object) }
    }

    private static func read(
        _ bytes: [UInt8], _ packs: inout PackTable, _ rows: inout ChunkRows, object: String
    ) throws {
        var reader = ByteReader(bytes, object: object)
        guard try reader.byte() == 1 else {
            throw Failure(
                .failed, "\(object) is of a version that this salvor does not know", hint: "use a newer salvor")
        }
        // What the frames of this document are called in the table.
        var frames: [UInt32] = []
        var lastPack: [UInt8] = []
        for _ in 0..<(try reader.count(1 << 24)) {
            let pack = try self.pack(&reader)
            guard lastPack.lexicographicallyPrecedes(pack.id) else {
                throw reader.damaged("its packs are out of order")
            }
            lastPack = pack.id
            let described = try self.frames(&reader, of: pack, behind: frames.count)
            let first = packs.add(pack, described)
            frames += first..<first + UInt32(described.count)
        }
        try chunks(&reader, frames, packs, into: &rows)
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

    private static func frames(
        _ reader: inout ByteReader, of pack: PackInfo, behind others: Int
    ) throws -> [PackDirectory.Frame] {
        let count = try reader.count(1 << 22)
        // What cannot be in the pack, or not here, is refused before memory is taken for it.
        guard count * leastFrame + (others + count) * leastChunk <= reader.remaining,
            UInt64(count * (AuthenticatedCipher.tagLength + 1)) <= pack.length
        else {
            throw reader.damaged("it ends too early")
        }
        var frames: [PackDirectory.Frame] = []
        frames.reserveCapacity(count)
        var offset = UInt64(ObjectHeader.length)
        for _ in 0..<count {
            let sealed = try reader.count(Limits.frameBytes + AuthenticatedCipher.tagLength)
            guard let codec = Codec(rawValue: try reader.byte()) else { throw reader.damaged("an unknown codec") }
            let plain = try reader.count(Limits.frameBytes)
            guard sealed > AuthenticatedCipher.tagLength, plain > 0 else {
                throw reader.damaged("a frame in it is empty")
            }
            offset += UInt64(sealed)
            guard offset <= pack.length else { throw reader.damaged("a frame lies outside its pack") }
            frames.append(PackDirectory.Frame(sealedLength: sealed, codec: codec, plainLength: plain, chunks: []))
        }
        return frames
    }

    private static func chunks(
        _ reader: inout ByteReader, _ frames: [UInt32], _ packs: PackTable, into rows: inout ChunkRows
    ) throws {
        let count = try reader.count(1 << 28)
        guard count * leastChunk <= reader.remaining else { throw reader.damaged("it ends too early") }
        var named = NumberSet(below: frames.count)
        var last = ChunkID(high: 0, low: 0)
        for _ in 0..<count {
            let id = try reader.chunkID()
            let frame = try reader.count(max(frames.count - 1, 0))
            let offset = try reader.count(Limits.frameBytes)
            let length = try reader.count(Limits.chunkBytes)
            guard frame < frames.count, last <= id, length > 0,
                offset + length <= packs.plainLength(ofFrame: frames[frame])
            else {
                throw reader.damaged("a chunk in it is impossible")
            }
            last = id
            named.insert(frame)
            rows.append(id, ChunkPlace(frame: frames[frame], offset: UInt32(offset), length: UInt32(length)))
        }
        guard named.count == frames.count else { throw reader.damaged("a frame in it holds no chunk") }
    }
}
