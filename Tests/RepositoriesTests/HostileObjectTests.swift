import Platform
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

/// Objects that are authentic, made by one who has the keys, and hold what no honest writer puts into them.
@Suite("Hostile objects")
struct HostileObjectTests {
    /// Stores a document with any body under its right name.
    private func store(_ body: [UInt8], _ made: TestRepository) throws -> ObjectName {
        let header = ObjectHeader(.index, epoch: 1, salt: made.repository.randomBytes(32))
        let sealer = made.repository.sealer
        var object = Buffer(capacity: body.count + 100)
        object.append(header.bytes.span)
        AuthenticatedCipher(key: try sealer.objectKey(header, object: "x")).seal(
            body.span, ordinal: 0, additional: sealer.additionalData(header, name: sealer.nameField(nil), ordinal: 0),
            into: &object)
        let name = ObjectName("index", Digest.sha256(object.bytes))
        _ = try made.store.create(name, object.bytes)
        return name
    }

    private func body(_ codec: Codec, _ length: Int, _ payload: [UInt8]) -> [UInt8] {
        [codec.rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + payload
    }

    private func packed(_ plain: [UInt8], _ codec: Codec) -> [UInt8] {
        var buffer = Buffer(capacity: plain.count + 100)
        _ = Compressor(codec == .zlib ? .zlib : .best).compress(plain.span, into: &buffer)
        return buffer.array()
    }

    @Test("a document that is a bomb is refused before it is unpacked, and every other index object is read")
    func bombs() throws {
        let made = try TestRepository()
        let plain = IndexDocument.bytes(IndexTests.packs(3))
        _ = try store(body(.stored, plain.count, plain), made)
        let zeros = [UInt8](repeating: 0, count: 20 << 20)
        for codec in [Codec.zlib, .zstandard] {
            let small = packed(zeros, codec)
            for length in [zeros.count, (1 << 20) + 1, 256 << 20, Int(UInt32.max)] {
                let name = try store(body(codec, length, small), made)
                let failure = #expect(throws: Failure.self) { try made.repository.readIndex(name, into: ChunkIndex()) }
                #expect(failure?.kind == .damaged && failure?.description.contains("larger than") == true)
            }
            for length in [1 << 20, 1, 0] {
                let name = try store(body(codec, length, small), made)
                let failure = #expect(throws: Failure.self) { try made.repository.readIndex(name, into: ChunkIndex()) }
                #expect(failure?.kind == .damaged)
            }
        }
        #expect(try made.repository.loadIndex().count == 36)
        #expect(made.repository.notices.all.count == 14)
    }

    /// The content of an index document of one pack with so many frames, and chunks that lie in some of them.
    private static func indexContent(frames: Int, chunksIn places: some Sequence<Int>) -> [UInt8] {
        let chunks = Array(places)
        var bytes: [UInt8] = [1, 1] + [UInt8](repeating: 7, count: 32) + RawBytes.varint(Limits.packBytes)
        bytes += [1, 1, 0, 0, 0] + [UInt8](repeating: 8, count: 32) + RawBytes.varint(UInt64(frames))
        // Each of a byte, and the tag.
        for _ in 0..<frames { bytes += [17, 0, 1] }
        bytes += RawBytes.varint(UInt64(chunks.count))
        for (number, frame) in chunks.enumerated() {
            bytes += ChunkID(high: 1, low: UInt64(number)).bytes + RawBytes.varint(UInt64(frame)) + [0, 1]
        }
        return bytes
    }

    @Test("an index object of frames that no chunk names is refused before they take memory")
    func namelessFrames() throws {
        let made = try TestRepository()
        for frames in [1000, 1_300_000] {
            let content = Self.indexContent(frames: frames, chunksIn: 0..<1)
            // Random bytes at its end make it pass as no bomb.
            let padded = content + made.repository.randomBytes(frames / 2)
            let name = try store(body(.zstandard, padded.count, packed(padded, .zstandard)), made)
            let index = ChunkIndex()
            let failure = #expect(throws: Failure.self) { try made.repository.readIndex(name, into: index) }
            #expect(failure?.description.contains("ends too early") == true, "\(String(describing: failure))")
            #expect(failure?.kind == .damaged && index.frameCount == 0)
        }
        for (places, isRight) in [
            (Array(0..<100), true), ([Int](0..<99) + [0], false), ([Int](1..<100) + [99], false),
            ([Int](0..<100) + [5], true), ([], false),
        ] {
            let content = Self.indexContent(frames: 100, chunksIn: places)
            let index = ChunkIndex()
            if isRight {
                try IndexDocument.read(content, into: index, object: "x")
                #expect(index.count == places.count && index.frameCount == 100)
            } else {
                let failure = #expect(throws: Failure.self) {
                    try IndexDocument.read(content, into: index, object: "x")
                }
                #expect(failure?.kind == .damaged)
            }
        }
    }

    @Test(
        "a chunk that an index puts into a hundred thousand places is read in one of them, or not, in no time",
        .timeLimit(.minutes(1)))
    func manyPlaces() throws {
        let made = try TestRepository()
        let forgery = try Forgery(made)
        let bytes = noise(100, seed: 1)
        let id = try forgery.chunk(.content, bytes)
        try forgery.store()
        var content: [UInt8] = [1, 1] + [UInt8](repeating: 0, count: 32) + RawBytes.varint(Limits.packBytes)
        let frames = 100_000
        content += [1, 1, 0, 0, 0] + [UInt8](repeating: 8, count: 32) + RawBytes.varint(UInt64(frames))
        for _ in 0..<frames { content += [116, 0, 100] }
        content += RawBytes.varint(UInt64(frames))
        for frame in 0..<frames { content += id.bytes + RawBytes.varint(UInt64(frame)) + [0, 100] }
        let index = ChunkIndex()
        try IndexDocument.read(content, into: index, object: "x")
        let reader = ChunkReader(made.repository, index: index, recovers: false)
        #expect(throws: Failure.self) { try reader.bytes(id, .content) }
        let whole = try made.repository.loadIndex()
        try IndexDocument.read(content, into: whole, object: "x")
        #expect(try ChunkReader(made.repository, index: whole).bytes(id, .content) == bytes)
        let other = ChunkIndex()
        try IndexDocument.read(content, into: other, object: "x")
        for name in try TestRepository.names(made.store, in: "index") {
            try made.repository.readIndex(name, into: other)
        }
        #expect(try ChunkReader(made.repository, index: other).bytes(id, .content) == bytes)
        #expect(made.repository.notices.all.count == 1)
    }

    @Test("two streams, one that wants a dictionary, one that holds nothing, and bytes behind the end are refused")
    func streams() throws {
        let made = try TestRepository()
        let plain = IndexDocument.bytes(IndexTests.packs(3, chunks: 40)) + [UInt8](repeating: 0, count: 3000)
        let zlib = packed(plain, .zlib)
        let zstandard = packed(plain, .zstandard)
        // The header of a zstd frame (RFC 8878, 3.1.1.1): its lowest two bits say that a dictionary's id follows.
        var dictionary = zstandard
        dictionary[4] |= 1
        dictionary.insert(7, at: 5)
        let skipped: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
        // The header of a zlib stream (RFC 1950, 2.2) whose bit FDICT is set, with the check bits that belong to it.
        var preset = zlib
        preset[1] = 0x20 | (preset[1] & 0xc0)
        preset[1] += 31 - UInt8((Int(preset[0]) << 8 | Int(preset[1])) % 31)
        preset.insert(contentsOf: [0, 0, 0, 1], at: 2)
        let bad: [(String, Codec, [UInt8])] = [
            ("two zlib streams", .zlib, zlib + zlib), ("a byte behind zlib", .zlib, zlib + [0]),
            ("zlib with a dictionary", .zlib, preset), ("two frames", .zstandard, zstandard + zstandard),
            ("a byte behind zstd", .zstandard, zstandard + [0]), ("zstd with a dictionary", .zstandard, dictionary),
            ("a skippable frame before", .zstandard, skipped + zstandard),
            ("a skippable frame behind", .zstandard, zstandard + skipped),
            ("a skippable frame alone", .zstandard, skipped), ("nothing", .zstandard, []), ("no zlib", .zlib, []),
            ("another codec", .zlib, zstandard), ("the other one", .zstandard, zlib),
        ]
        for (label, codec, payload) in bad {
            let name = try store(body(codec, plain.count, payload), made)
            let failure = #expect(throws: Failure.self, "\(label)") {
                try made.repository.readIndex(name, into: ChunkIndex())
            }
            // By the stream itself, not by what is made of it.
            #expect(failure?.description.contains("does not decompress") == true, "\(label)")
            #expect(failure?.kind == .damaged, "\(label)")
        }
        for (codec, payload) in [(Codec.zlib, zlib), (.zstandard, zstandard)] {
            for length in [plain.count - 1, plain.count + 1] {
                let name = try store(body(codec, length, payload), made)
                let failure = #expect(throws: Failure.self) { try made.repository.readIndex(name, into: ChunkIndex()) }
                #expect(failure?.description.contains("does not decompress") == true, "\(codec) \(length)")
            }
        }
        for broken in [[], [0], [9, 0, 0, 0, 0], [0, 1, 0, 0]] as [[UInt8]] {
            let name = try store(broken, made)
            let failure = #expect(throws: Failure.self) { try made.repository.readIndex(name, into: ChunkIndex()) }
            #expect(failure?.kind == .damaged)
        }
    }

    @Test("a frame that is a bomb is damage of its pack, and costs no more than a frame")
    func frames() throws {
        for codec in [Codec.zlib, .zstandard] {
            let made = try TestRepository()
            let zeros = [UInt8](repeating: 0, count: 64 << 20)
            let payload = packed(zeros, codec)
            for promised in [1, 1000, Limits.frameBytes] {
                let pack = try storePack(payload, codec, promised, made)
                let failure = #expect(throws: Failure.self) { try PackAudit(made.repository).verify(pack.info.name) }
                #expect(failure?.kind == .damaged && failure?.description.contains(pack.info.name.text) == true)
                let index = ChunkIndex()
                index.add(pack)
                let reader = ChunkReader(made.repository, index: index)
                let read = #expect(throws: Failure.self) { try reader.bytes(pack.frames[0].chunks[0].id, .content) }
                #expect(read?.kind == .damaged)
            }
        }
    }

    /// Stores a pack of one frame with any payload, whose directory promises so many bytes of it.
    private func storePack(_ payload: [UInt8], _ codec: Codec, _ promised: Int, _ made: TestRepository) throws
        -> FinishedPack
    {
        let sealer = made.repository.sealer
        let header = ObjectHeader(.dataPack, epoch: 1, salt: made.repository.randomBytes(32))
        var object = Buffer(capacity: payload.count + 1000)
        object.append(header.bytes.span)
        func seal(_ bytes: [UInt8], _ part: ObjectSealer.Part, _ ordinal: UInt32) throws {
            AuthenticatedCipher(key: try sealer.objectKey(header, part: part, object: "x")).seal(
                bytes.span, ordinal: ordinal,
                additional: sealer.additionalData(header, name: sealer.nameField(nil), ordinal: ordinal), into: &object)
        }
        try seal(payload, .body, 0)
        let chunk = PackDirectory.Chunk(id: ChunkID(high: 1, low: 2), length: min(promised, Limits.chunkBytes))
        let frame = PackDirectory.Frame(
            sealedLength: payload.count + 16, codec: codec, plainLength: promised,
            chunks: [PackDirectory.Chunk](repeating: chunk, count: promised / chunk.length))
        let directory = PackDirectory(session: [UInt8](repeating: 0, count: 16), frames: [frame]).bytes
        try seal(directory, .directory, .max)
        let length = directory.count + 16
        object.append(
            ((0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("SLVR".utf8)).span)
        let id = Digest.sha256(object.bytes)
        _ = try made.store.create(ObjectName(pack: id), object.bytes)
        let info = PackInfo(id: id, length: UInt64(object.count), kind: .dataPack, epoch: 1, salt: header.salt)
        return FinishedPack(info: info, frames: [frame])
    }
}
