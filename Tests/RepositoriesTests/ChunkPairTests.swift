import Platform
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("Chunks that are proved two at a time")
struct ChunkPairTests {
    private let made: TestRepository
    private let session: WriteSession

    init() throws {
        made = try TestRepository()
        session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
    }

    /// Stores chunks and answers the content that they make up.
    private func store(_ chunks: [[UInt8]]) throws -> Content { try Self.store(chunks, made, session) }

    private static func store(_ chunks: [[UInt8]], _ made: TestRepository, _ session: WriteSession) throws -> Content {
        let writer = try MetadataWriter(made.repository, session: session)
        let items = try chunks.map {
            Content.Item(id: try writer.store(.content, $0.span), covered: UInt64($0.count))
        }
        try writer.finish()
        try session.flushIndex()
        return Content(length: items.reduce(0) { $0 + $1.covered }, depth: 0, items: items)
    }

    /// What a reader makes of a content until something is wrong.
    private func stream(
        _ content: Content, _ index: ChunkIndex, keeping: Int = 4
    ) -> (chunks: [[UInt8]], digests: [[UInt8]], failure: Failure?) {
        let reader = ChunkReader(made.repository, index: index, keeping: keeping, recovers: false)
        var (chunks, digests): ([[UInt8]], [[UInt8]]) = ([], [])
        do {
            try reader.stream(content) { bytes, digest in
                chunks.append(Array(bytes))
                digests.append(digest)
            }
        } catch { return (chunks, digests, Failure(error)) }
        return (chunks, digests, nil)
    }

    @Test("are what was stored, with their own digests, whatever their lengths and however often they come again")
    func streams() throws {
        let random = SeededRandomness(seed: 2)
        var chunks = [0, 1, 63, 64, 65, 200_000, 1, 300_000, 5_000, 64].map { random.bytes($0) }.filter { !$0.isEmpty }
        chunks += [chunks[0], chunks[0], chunks[0], chunks[4], chunks[0], chunks[4], chunks[4]]
        for _ in 0..<40 { chunks.append(random.bytes(1 + random.next(below: 100_000))) }
        for count in [1, 2, 3, chunks.count] {
            let part = Array(chunks[..<count])
            let content = try store(part)
            for keeping in [1, 4, 8] {
                let read = stream(content, session.index, keeping: keeping)
                #expect(read.failure == nil && read.chunks == part, "\(count) chunks, \(keeping) frames")
                #expect(read.digests == part.map { Digest.sha256($0.span) })
            }
        }
    }

    @Test("are both compared with their ids: an index that exchanged two of them is found out before the first of them")
    func exchanged() throws {
        let random = SeededRandomness(seed: 3)
        let chunks = (0..<12).map { _ in random.bytes(90_000) }
        let content = try store(chunks)
        for first in 0..<11 {
            var names = content.items.map(\.id)
            names.swapAt(first, first + 1)
            let lying = index(naming: Dictionary(uniqueKeysWithValues: zip(content.items.map(\.id), names)))
            let read = stream(content, lying)
            #expect(read.chunks == Array(chunks[..<first]), "exchanged at \(first)")
            #expect(read.failure?.kind == .damaged && read.failure?.cause?.contains("is not what its id says") == true)
        }
    }

    @Test("a lost or damaged one is told behind the one before it")
    func damaged() throws {
        let random = SeededRandomness(seed: 4)
        let chunks = (0..<6).map { _ in random.bytes(600_000) }
        for lost in 0..<6 {
            var content = try store(chunks)
            content.items[lost].id = ChunkID(high: 1, low: 2)
            let read = stream(content, session.index)
            #expect(read.chunks == Array(chunks[..<lost]) && read.failure?.kind == .damaged)
        }
        let content = try store(chunks)
        for lost in (0..<6).reversed() {
            let place = try #require(session.index.place(of: content.items[lost].id))
            let frame = session.index.frame(place.frame)
            let store = try #require(made.store as? MemoryStore)
            store.damage(session.index.pack(frame.pack).name) { $0[Int(frame.offset) + 20] ^= 1 }
            let read = stream(content, session.index)
            let whole = try chunks.indices.prefix {
                try #require(session.index.place(of: content.items[$0].id)).frame != place.frame
            }
            #expect(read.chunks == chunks[..<whole.count].map { $0 } && read.failure?.kind == .damaged)
        }
    }

    @Test(
        "a store that does not answer is asked once, for the chunk itself and for the next one", arguments: [0, 1, 2])
    func unreachable(frames: Int) throws {
        let random = SeededRandomness(seed: 5)
        let chunks = (0..<6).map { _ in random.bytes(600_000) }
        func stored(in store: FaultyStore) throws -> (made: TestRepository, index: ChunkIndex, content: Content) {
            let made = try TestRepository(in: store)
            let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
            return (made, session.index, try Self.store(chunks, made, session))
        }
        let whole = FaultyStore(MemoryStore(), .dead, atCall: 0)
        _ = try stored(in: whole)
        let store = FaultyStore(MemoryStore(), .dead, atCall: whole.calls + frames + 1)
        let (made, index, content) = try stored(in: store)
        let reader = ChunkReader(made.repository, index: index, recovers: false)
        let failure = #expect(throws: Failure.self) { try reader.stream(content) { _, _ in } }
        #expect(failure?.kind == .unreachable && store.calls == whole.calls + frames + 1)
    }

    /// An index of the same packs in which chunks have other names.
    private func index(naming names: [ChunkID: ChunkID]) -> ChunkIndex {
        let honest = session.index
        var chunks: [UInt32: [(place: ChunkPlace, id: ChunkID)]] = [:]
        for (id, name) in names {
            for place in honest.places(of: id) { chunks[place.frame, default: []].append((place, name)) }
        }
        let lying = ChunkIndex()
        for pack in Set(chunks.keys.map { honest.pack(ofFrame: $0) }) {
            let frames = honest.frames(ofPack: pack).map { number -> PackDirectory.Frame in
                let frame = honest.frame(number)
                let inside = (chunks[number] ?? []).sorted { $0.place.offset < $1.place.offset }
                return PackDirectory.Frame(
                    sealedLength: frame.sealedLength, codec: frame.codec, plainLength: frame.plainLength,
                    chunks: inside.map { PackDirectory.Chunk(id: $0.id, length: Int($0.place.length)) })
            }
            lying.add(FinishedPack(info: honest.pack(pack), frames: frames))
        }
        return lying
    }
}
