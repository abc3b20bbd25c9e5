import Platform
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("The index")
struct IndexTests {
    /// Packs that never were, with `chunks` chunks in a frame.
    static func packs(_ count: Int, frames: Int = 3, chunks: Int = 4, seed: UInt64 = 1) -> [FinishedPack] {
        let randomness = SeededRandomness(seed: seed)
        return (0..<count).map { number in
            let frames = (0..<frames).map { _ -> PackDirectory.Frame in
                let chunks = (0..<chunks).map { _ in
                    PackDirectory.Chunk(id: ChunkID(randomness.bytes(16)), length: 1 + randomness.next(below: 1000))
                }
                let plain = chunks.reduce(0) { $0 + $1.length }
                return PackDirectory.Frame(
                    sealedLength: plain + 16, codec: Codec.allCases[randomness.next(below: 3)], plainLength: plain,
                    chunks: chunks)
            }
            let length = 48 + frames.reduce(0) { $0 + $1.sealedLength } + 500
            let info = PackInfo(
                id: randomness.bytes(32), length: UInt64(length), kind: number % 2 == 0 ? .dataPack : .treePack,
                epoch: 1,
                salt: randomness.bytes(32))
            return FinishedPack(info: info, frames: frames)
        }
    }

    @Test("gives back where every chunk lies", arguments: [0, 1, 5, 40])
    func roundTrip(count: Int) throws {
        let packs = Self.packs(count)
        let index = ChunkIndex()
        try IndexDocument.read(IndexDocument.bytes(packs), into: index, object: "index/x")
        #expect(index.count == count * 12 && index.frameCount == count * 3)
        for pack in packs {
            var start = UInt64(ObjectHeader.length)
            for (ordinal, frame) in pack.frames.enumerated() {
                var offset = 0
                for chunk in frame.chunks {
                    let place = try #require(index.place(of: chunk.id))
                    let stored = index.frame(place.frame)
                    #expect(Int(place.offset) == offset && Int(place.length) == chunk.length)
                    #expect(stored.ordinal == UInt32(ordinal) && stored.offset == start && stored.codec == frame.codec)
                    #expect(stored.sealedLength == frame.sealedLength && stored.plainLength == frame.plainLength)
                    #expect(index.pack(stored.pack) == pack.info)
                    offset += chunk.length
                }
                start += UInt64(frame.sealedLength)
            }
        }
        #expect(index.place(of: ChunkID(high: 0, low: 0)) == nil)
    }

    @Test("of a run that just stored them, the packs' places are the same as of one that reads them")
    func sameAsAdded() throws {
        let packs = Self.packs(6)
        let read = ChunkIndex()
        try IndexDocument.read(IndexDocument.bytes(packs), into: read, object: "x")
        let added = ChunkIndex()
        for pack in packs { added.add(pack) }
        for chunk in packs.flatMap({ $0.frames.flatMap(\.chunks) }) {
            let (left, right) = (try #require(read.place(of: chunk.id)), try #require(added.place(of: chunk.id)))
            #expect(left.offset == right.offset && left.length == right.length)
            #expect(read.frame(left.frame).offset == added.frame(right.frame).offset)
        }
        #expect(read.chunksByPack().reduce(0, +) == 72 && added.chunksByPack() == [Int](repeating: 12, count: 6))
    }

    @Test("a claim is given to one caller, holds until the chunk is stored, and then says where")
    func claims() throws {
        let index = ChunkIndex()
        let pack = Self.packs(1)[0]
        let id = pack.frames[1].chunks[2].id
        #expect(index.claim(id) && !index.claim(id) && index.contains(id))
        #expect(index.place(of: id) == nil)
        index.add(pack)
        #expect(index.place(of: id) != nil && !index.claim(id))
        // Of two copies the first holds.
        var copy = pack
        copy.info.id[0] ^= 1
        index.add(copy)
        #expect(index.place(of: id).map { index.pack(index.frame($0.frame).pack).id } == pack.info.id)
    }

    @Test("all copies of a chunk are known, those of this run too; what is damaged comes last")
    func copies() throws {
        let pack = Self.packs(1)[0]
        var second = pack
        second.info.id[31] ^= 1
        var third = pack
        third.info.id[30] ^= 1
        let index = ChunkIndex()
        try IndexDocument.read(IndexDocument.bytes([pack]), into: index, object: "x")
        index.add(second)
        index.add(third)
        let fresh = ChunkIndex()
        for pack in [pack, second, third] { fresh.add(pack) }
        for index in [index, fresh] {
            #expect(index.count == 12)
            for chunk in pack.frames.flatMap(\.chunks) {
                let places = index.places(of: chunk.id)
                let ids = places.map { index.pack(index.frame($0.frame).pack).id }
                #expect(ids == [pack.info.id, second.info.id, third.info.id])
                #expect(index.place(of: chunk.id) == places[0])
            }
            let id = pack.frames[0].chunks[0].id
            let places = index.places(of: id)
            index.avoid(places[0].frame)
            #expect(index.place(of: id) == places[1])
            index.avoid(places[1].frame)
            #expect(index.place(of: id) == places[2])
            index.avoid(places[2].frame)
            #expect(index.place(of: id) == places[0] && index.contains(id))
        }
    }

    @Test("what two index objects say of one pack is kept once, unless they disagree")
    func twice() throws {
        let packs = Self.packs(3)
        let index = ChunkIndex()
        for _ in 0..<3 { try IndexDocument.read(IndexDocument.bytes(packs), into: index, object: "x") }
        #expect(index.count == 36 && index.positions == 36 && index.packCount == 3 && index.frameCount == 9)
        for number in 0..<3 { #expect(index.contradiction(to: packs[number], chunks: index.chunksByPack()) == nil) }
        var lie = packs[1]
        lie.frames[2].plainLength += 1
        try IndexDocument.read(IndexDocument.bytes([lie]), into: index, object: "x")
        #expect(index.count == 36 && index.positions == 48 && index.packCount == 4)
        let chunks = index.chunksByPack()
        #expect(chunks == [12, 12, 12, 12])
        #expect(index.contradiction(to: packs[0], chunks: chunks) == nil)
        #expect(index.contradiction(to: packs[1], chunks: chunks)?.contains("a frame of it wrongly") == true)
    }

    @Test("an index that leaves chunks of a pack out, or names others, contradicts the pack")
    func contradictions() throws {
        let pack = Self.packs(1)[0]
        func sentence(_ change: (inout FinishedPack) -> Void) throws -> String {
            var told = pack
            change(&told)
            let index = ChunkIndex()
            try IndexDocument.read(IndexDocument.bytes([told]), into: index, object: "x")
            return index.contradiction(to: pack, chunks: index.chunksByPack()) ?? "none"
        }
        #expect(try sentence { _ in } == "none")
        #expect(try sentence { $0.frames[1].chunks.removeLast() }.contains("leaves out"))
        #expect(try sentence { $0.frames[1].chunks[0].id = ChunkID(high: 1, low: 1) }.contains("not there"))
        #expect(try sentence { $0.frames[2].chunks.swapAt(0, 1) }.contains("elsewhere"))
        #expect(try sentence { $0.frames.swapAt(0, 1) }.contains("a frame of it wrongly"))
        #expect(try sentence { $0.info.salt[3] ^= 1 }.contains("wrongly"))
    }

    @Test("a run that stores more chunks than it holds back finds all of them, and packs of any number of frames")
    func long() throws {
        let index = ChunkIndex()
        var all: [(chunk: PackDirectory.Chunk, pack: [UInt8], ordinal: UInt32)] = []
        for seed in 0..<6 as Range<UInt64> {
            var packs = Self.packs(3, frames: 40, chunks: 150, seed: 10 + seed)
            packs[1].frames = []
            for pack in packs {
                for chunk in pack.frames.flatMap(\.chunks) { #expect(index.claim(chunk.id)) }
                index.add(pack)
                for (ordinal, frame) in pack.frames.enumerated() {
                    all += frame.chunks.map { ($0, pack.info.id, UInt32(ordinal)) }
                }
            }
        }
        #expect(all.count == 72_000 && index.count == 72_000)
        for (chunk, pack, ordinal) in all {
            let place = try #require(index.place(of: chunk.id))
            let frame = index.frame(place.frame)
            #expect(frame.ordinal == ordinal && index.pack(frame.pack).id == pack && !index.claim(chunk.id))
        }
    }

    /// Packs of `chunks` chunks each, whose ids come from their numbers, `first` on.
    private static func numbered(_ count: Int, chunks: Int, first: Int = 0, named: UInt8 = 0) -> [FinishedPack] {
        (0..<count).map { number in
            let chunks = (0..<chunks).map { chunk in
                let id = UInt64(first + number * chunks + chunk)
                return PackDirectory.Chunk(
                    id: ChunkID(high: id &* 0x9e37_79b9_7f4a_7c15, low: id &* 0xbf58_476d_1ce4_e5b9), length: 10)
            }
            let frame = PackDirectory.Frame(
                sealedLength: chunks.count * 10 + 16, codec: .stored, plainLength: chunks.count * 10, chunks: chunks)
            let id = [named, UInt8(number >> 8), UInt8(number & 0xff)] + [UInt8](repeating: 0, count: 29)
            let info = PackInfo(
                id: id, length: UInt64(frame.sealedLength + 200), kind: .dataPack, epoch: 1,
                salt: [UInt8](repeating: 1, count: 32))
            return FinishedPack(info: info, frames: [frame])
        }
    }

    @Test("thousands of packs that no index names are taken in at once, not each anew", .timeLimit(.minutes(1)))
    func takenIn() throws {
        let index = ChunkIndex()
        let known = Self.numbered(100, chunks: 3000)
        try IndexDocument.read(IndexDocument.bytes(known), into: index, object: "x")
        let (claimed, stored) = (ChunkID(high: 1, low: 1), Self.numbered(1, chunks: 1, first: 900_000, named: 1))
        #expect(index.claim(claimed) && index.claim(stored[0].frames[0].chunks[0].id))
        stored.forEach(index.add)
        // Half of what they hold is known, as in a run that was killed and began again.
        let found = Self.numbered(2000, chunks: 50, first: 250_000, named: 2)
        var intake = PackIntake(into: index)
        for pack in found { intake.add(pack) }
        intake.finish()
        #expect(index.count == 350_002 && index.packCount == 2101)
        for (number, pack) in found.enumerated() {
            let chunk = pack.frames[0].chunks[number % 50]
            let places = index.places(of: chunk.id)
            #expect(index.pack(index.pack(ofFrame: places.last?.frame ?? 0)).id == pack.info.id)
            #expect(places.count == (number < 1000 ? 2 : 1) && index.place(of: chunk.id) == places.first)
        }
        #expect(index.place(of: claimed) == nil && !index.claim(claimed))
        #expect(index.place(of: stored[0].frames[0].chunks[0].id) != nil)
    }

    @Test("many threads that claim the same chunks get each once")
    func racing() throws {
        let index = ChunkIndex()
        let randomness = SeededRandomness(seed: 3)
        let ids = (0..<5000).map { _ in ChunkID(randomness.bytes(16)) }
        let won = WorkCounters()
        try ThreadScope.run { scope in
            for _ in 0..<4 { scope.start("claimer") { for id in ids where index.claim(id) { won.add(items: 1) } } }
        }
        #expect(won.items == 5000 && index.count == 5000)
    }

    @Test("documents that no writer makes are refused")
    func refusals() {
        let good = Self.packs(2)
        var bad: [(String, [UInt8])] = []
        func add(_ label: String, _ change: (inout [FinishedPack]) -> Void) {
            var packs = good
            change(&packs)
            bad.append((label, IndexDocument.bytes(packs)))
        }
        add("a pack twice") { $0[1].info.id = $0[0].info.id }
        add("a pack beyond the limit") { $0[0].info.length = Limits.packBytes + 1 }
        add("frames beyond the pack") { $0[0].info.length = 60 }
        add("an empty frame") { $0[0].frames[0].sealedLength = 16 }
        add("a frame without bytes") {
            $0[0].frames.append(.init(sealedLength: 20, codec: .stored, plainLength: 0, chunks: []))
        }
        add("a chunk outside its frame") { $0[0].frames[0].plainLength = 1 }
        add("a chunk that ends outside its frame") { packs in
            let chunk = packs[0].frames[0].chunks[0]
            packs[0].frames[0].chunks = [.init(id: chunk.id, length: 10)]
            packs[0].frames[0].plainLength = 9
        }
        add("a chunk without bytes") { $0[0].frames[0].chunks[0].length = 0 }
        add("a chunk beyond the limit") { $0[0].frames[0].chunks[0].length = Limits.chunkBytes + 1 }
        bad.append(("more behind it", IndexDocument.bytes(good) + [0]))
        bad.append(("cut off", Array(IndexDocument.bytes(good).dropLast())))
        bad.append(("nothing", []))
        bad.append(
            (
                "a kind that is no pack",
                {
                    var bytes = IndexDocument.bytes(good); bytes[2 + 32 + 2] = 4; return bytes
                }()
            ))
        for (label, bytes) in bad {
            let failure = #expect(throws: Failure.self, "\(label)") {
                try IndexDocument.read(bytes, into: ChunkIndex(), object: "index/x")
            }
            #expect(failure?.kind == .damaged, "\(label)")
        }
        // Counts that promise the whole number space take no memory.
        for head in [
            [1, 0xff, 0xff, 0xff, 7], [1, 0, 0xff, 0xff, 0xff, 0x7f], [1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        ] as [[UInt8]] {
            #expect(throws: Failure.self) { try IndexDocument.read(head, into: ChunkIndex(), object: "x") }
        }
    }

    @Test("runs of many tiny chunks end packs and index objects before a reader's bounds")
    func tinyChunks() throws {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let sealer = PackSealer(
            .dataPack, repository: made.repository, session: session.id, compression: .stored, verifies: false
        ) { try session.add($0) }
        var frame = FrameBuffer(capacity: 1 << 20)
        for round in 0..<44 as Range<UInt64> {
            for number in 0..<5000 as Range<UInt64> {
                // Ids of nothing, since nothing is verified here; spread as real ones are.
                let id = ChunkID(
                    high: number &* 0x9e37_79b9_7f4a_7c15, low: (round << 32 | number) &* 0xbf58_476d_1ce4_e5b9)
                frame.append([UInt8](repeating: 1, count: 4).span, id: id, quickHash: 0)
            }
            try sealer.store(frame)
            frame.clear()
        }
        try sealer.finish()
        try session.flushIndex()
        #expect(session.stored.packs == 4)
        let index = try made.repository.loadIndex()
        #expect(index.count == 220_000)
        // What the index says could be told by the packs' own directories.
        let rebuilt = ChunkIndex()
        for name in try made.repository.names(in: .dataPack) { rebuilt.add(try made.repository.directory(of: name)) }
        #expect(rebuilt.count == 220_000)
    }
}
