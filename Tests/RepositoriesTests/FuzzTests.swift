import Entries
import Formats
import Platform
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

/// Whatever bytes a decoder gets, it throws a `Failure` or succeeds: it never traps, and never takes memory that the
/// bytes do not pay for. A trap ends the whole test run, so that it cannot be missed.
@Suite("Decoders and hostile bytes")
struct FuzzTests {
    private static let rounds = 4000

    /// Changes bytes in the ways that damage and enemies do.
    private func mutate(_ bytes: [UInt8], _ randomness: SeededRandomness) -> [UInt8] {
        var bytes = bytes
        for _ in 0...randomness.next(below: 3) {
            guard !bytes.isEmpty else { return randomness.bytes(randomness.next(below: 40)) }
            let place = randomness.next(below: bytes.count)
            switch randomness.next(below: 8) {
            case 0: bytes[place] ^= 1 << UInt8(randomness.next(below: 8))
            case 1: bytes[place] = UInt8(randomness.next(below: 256))
            case 2: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][randomness.next(below: 5)]
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + randomness.next(below: 8)))
            case 4: bytes.insert(contentsOf: randomness.bytes(1 + randomness.next(below: 8)), at: place)
            case 5: bytes.removeLast(bytes.count - place)
            case 6:
                bytes.replaceSubrange(
                    place..<place, with: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
            default: bytes.append(contentsOf: bytes[place...])
            }
        }
        return bytes
    }

    /// Runs a decoder over changed samples; answers how often it succeeded and failed.
    private func fuzz(
        _ samples: [[UInt8]], seed: UInt64, rounds: Int = rounds, _ decode: ([UInt8]) throws -> Void
    ) throws {
        let randomness = SeededRandomness(seed: seed)
        for sample in samples { try decode(sample) }
        var refused = 0
        for round in 0..<rounds {
            let bytes = mutate(samples[round % samples.count], randomness)
            do { try decode(bytes) } catch {
                #expect(error is Failure, "\(error)")
                refused += 1
            }
        }
        #expect(refused > rounds / 4, "the changes reach the decoder")
    }

    private var page: [UInt8] {
        var writer = ByteWriter()
        writer.byte(1)
        for kind in Entry.Kind.allCases {
            var item = TreeEntryTests.full(kind)
            item.entry.name = [kind.rawValue]
            TreeEntryCoding.write(item, to: &writer)
        }
        return writer.bytes
    }

    @Test("tree pages")
    func pages() throws {
        try fuzz([page], seed: 1) { bytes in
            var reader = ByteReader(bytes, object: "page")
            _ = try reader.byte()
            while !reader.isAtEnd { _ = try TreeEntryCoding.read(from: &reader, object: "page") }
        }
    }

    @Test("entries whose length was put right again, so that the fields are reached")
    func entries() throws {
        let samples = Entry.Kind.allCases.map { kind -> [UInt8] in
            let whole = TreeEntryTests.encode(TreeEntryTests.full(kind))
            return Array(whole.drop { $0 & 0x80 != 0 }.dropFirst())
        }
        try fuzz(samples, seed: 2, rounds: 8000) { bytes in
            var writer = ByteWriter()
            writer.sized(bytes)
            var item = try TreeEntryTests.decode(writer.bytes)
            // Whatever is accepted can be written, and is the same again.
            #expect(try TreeEntryTests.decode(TreeEntryTests.encode(item)) == item)
            #expect(item.fitIntoLimits() != nil)
        }
    }

    @Test("contents and chunk lists")
    func contents() throws {
        var writer = ByteWriter()
        Content(length: 30, depth: 2, items: (1...3).map { .init(id: ChunkID(high: UInt64($0), low: 1), covered: 10) })
            .write(to: &writer)
        try fuzz([writer.bytes], seed: 3) { bytes in
            var reader = ByteReader(bytes, object: "x")
            let content = try Content(from: &reader)
            try reader.finish()
            #expect(content.items.reduce(0) { $0 + $1.covered } == content.length)
        }
    }

    @Test("index documents")
    func index() throws {
        try fuzz([IndexDocument.bytes(IndexTests.packs(3)), IndexDocument.bytes([])], seed: 4) { bytes in
            let index = ChunkIndex()
            try IndexDocument.read(bytes, into: index, object: "index/x")
            #expect(index.count <= bytes.count && index.frameCount <= bytes.count)
        }
    }

    @Test("pack directories")
    func directories() throws {
        let frames = IndexTests.packs(1)[0].frames
        let room = UInt64(frames.reduce(0) { $0 + $1.sealedLength })
        let bytes = PackDirectory(session: [UInt8](repeating: 1, count: 16), frames: frames).bytes
        try fuzz([bytes], seed: 5) { _ = try PackDirectory($0, room: room, object: "x") }
    }

    @Test("headers of objects")
    func headers() throws {
        let salt = [UInt8](repeating: 5, count: 32)
        let samples = [
            ObjectHeader(.index, epoch: 1, salt: salt).bytes,
            ObjectHeader(slot: .password, cost: TestRepository.cost, salt: salt).bytes,
        ]
        try fuzz(samples, seed: 6) { bytes in
            let header = try ObjectHeader(bytes, kinds: ObjectKind.allCases, object: "x")
            #expect(header.cost?.isAcceptable != false)
            #expect(header.bytes == Array(bytes.prefix(ObjectHeader.length)))
        }
    }

    @Test("records")
    func records() throws {
        let samples = [SnapshotRecord.Kind.snapshot, .evidence].map { JSONWriter.bytes(RecordTests.full($0).json) }
        try fuzz(samples, seed: 7) { bytes in
            let json = try Repository.json(bytes, ObjectName(known: "snapshots/00"))
            _ = try SnapshotRecord(json, session: Array(0..<16), object: "x")
        }
    }

    @Test("salvor.json")
    func description() throws {
        try fuzz([RepositoryDescription(id: Array(0..<16)).bytes], seed: 8) { _ = try RepositoryDescription($0) }
    }

    @Test("lists of keys, as a key slot holds them")
    func keyLists() throws {
        let ring = KeyRing(randomness: SeededRandomness(seed: 1))
        try fuzz([JSONWriter.bytes(ring.list)], seed: 9, rounds: 2000) { bytes in
            _ = try KeyRing(try Repository.json(bytes, ObjectName(known: "keys/00")), object: "keys/00")
        }
    }

    @Test("sealed documents of every kind, and key slots, whose names fit their bytes")
    func sealed() throws {
        let made = try TestRepository()
        let repository = made.repository
        let name = ObjectName("snapshots", Array(0..<16))
        let content = Array(String(repeating: "salvage ", count: 50).utf8)
        let record = try repository.sealer.document(.record, content, name: name)
        try fuzz([record], seed: 10, rounds: 2000) {
            _ = try repository.sealer.open($0, .record, name: name, limit: 1 << 16)
        }
        let index = try repository.sealer.document(.index, IndexDocument.bytes(IndexTests.packs(1)), name: nil)
        try fuzz([index], seed: 11, rounds: 2000) { bytes in
            let name = ObjectName("index", Digest.sha256(bytes.span))
            _ = try repository.sealer.open(bytes, .index, name: name, limit: 1 << 20)
        }
        let slot = try #require(try repository.names(in: .keySlot).first)
        let bytes = try made.store.read(slot, limit: 1 << 16)
        let description = try Repository.description(of: made.store)
        var opened = 0
        try fuzz([bytes], seed: 12, rounds: 1500) { bytes in
            // What scrypt would do for minutes is not this test's.
            guard bytes.count < 12 || bytes[9] <= 10 else { throw Failure(.failed, "too dear here") }
            let name = ObjectName("keys", Digest.sha256(bytes.span))
            let credential = TestRepository.credential
            if try KeySlot.open(bytes, name: name, credential: credential, description: description) == nil {
                throw Failure(.failed, "it does not fit")
            }
            opened += 1
        }
        #expect(opened <= 150, "only what was not changed opens")
    }

    @Test("bodies of documents: an authentic one with any codec, length and payload")
    func bodies() throws {
        let repository = try TestRepository().repository
        let name = ObjectName("snapshots", Array(0..<16))
        var packed = Buffer(capacity: 1000)
        let plain = [UInt8](repeating: 3, count: 1000)
        let codec = Compressor(.best).compress(plain.span, into: &packed)
        var body = ByteWriter()
        body.byte(codec.rawValue)
        body.word(1000)
        body.bytes.append(packed.bytes)
        let header = ObjectHeader(.record, epoch: 1, salt: [UInt8](repeating: 1, count: 32))
        let sealer = repository.sealer
        let key = try sealer.objectKey(header, object: name.text)
        try fuzz([body.bytes], seed: 13, rounds: 2000) { bytes in
            var object = Buffer(capacity: bytes.count + 64)
            object.append(header.bytes.span)
            AuthenticatedCipher(key: key).seal(
                bytes.span, ordinal: 0,
                additional: sealer.additionalData(header, name: sealer.nameField(name), ordinal: 0),
                into: &object)
            let opened = try sealer.open(object.array(), .record, name: name, limit: 1 << 16)
            #expect(opened.count <= 1 << 16)
        }
    }
}
