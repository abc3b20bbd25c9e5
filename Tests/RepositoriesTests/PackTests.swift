import Platform
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("Packs")
struct PackTests {
    /// One stored pack of some frames, and what is in it.
    private struct Stored {
        let made: TestRepository
        let store: MemoryStore
        var packs: [FinishedPack] = []
        var chunks: [ChunkID: [UInt8]] = [:]

        init(frames: Int = 5, compression: Compressor.Choice = .best) throws {
            store = MemoryStore()
            made = try TestRepository(in: store)
            let box = Box()
            let sealer = PackSealer(
                .dataPack, repository: made.repository, session: [UInt8](repeating: 9, count: 16),
                compression: compression
            ) { box.packs.append($0) }
            let randomness = SeededRandomness(seed: 4)
            let namer = made.repository.namer()
            for number in 0..<frames {
                var frame = FrameBuffer(capacity: 1 << 20)
                for _ in 0...number {
                    let noise = randomness.bytes(1 + randomness.next(below: 3000))
                    let bytes = number % 2 == 0 ? noise : noise.map { $0 & 3 }
                    let id = namer.name(.content, bytes.span).id
                    frame.append(bytes.span, id: id, quickHash: WyHash.hash(bytes.span))
                    chunks[id] = bytes
                }
                try sealer.store(frame)
            }
            try sealer.finish()
            packs = box.packs
        }

        private final class Box { var packs: [FinishedPack] = [] }

        var name: ObjectName { packs[0].info.name }
    }

    @Test(
        "hold what was put in, by their own directory and whole", arguments: [Compressor.Choice.best, .zlib, .stored])
    func roundTrip(compression: Compressor.Choice) throws {
        let stored = try Stored(compression: compression)
        #expect(stored.packs.count == 1)
        let audit = PackAudit(stored.made.repository)
        #expect(try audit.directory(of: stored.name) == stored.packs[0])
        #expect(try audit.verify(stored.name) == stored.packs[0])
        let index = ChunkIndex()
        index.add(stored.packs[0])
        for keeping in [1, 4] {
            let reader = ChunkReader(stored.made.repository, index: index, keeping: keeping)
            for (id, bytes) in stored.chunks { #expect(try reader.bytes(id, .content) == bytes) }
        }
        let object = try stored.store.read(stored.name, limit: 1 << 20)
        #expect(stored.name.identifier == Digest.sha256(object.span))
    }

    @Test("nothing is stored without a frame")
    func empty() throws {
        let stored = try Stored(frames: 0)
        #expect(stored.packs.isEmpty)
        #expect(try TestRepository.names(stored.store, in: "packs").isEmpty)
    }

    @Test("a flipped, lost or added byte anywhere is named by the audit, and a reader gives right bytes or damage")
    func damage() throws {
        let stored = try Stored(frames: 2)
        let audit = PackAudit(stored.made.repository)
        let length = Int(stored.packs[0].info.length)
        let whole = try stored.store.read(stored.name, limit: length)
        var changed: [(String, [UInt8])] = stride(from: 0, to: length, by: 7).map { place in
            var bytes = whole
            bytes[place] ^= 0x40
            return ("byte \(place)", bytes)
        }
        for count in [0, 1, 7, 8, 47, 48, 56, length - 1] {
            changed.append(("\(count) bytes", Array(whole.prefix(count))))
        }
        changed.append(("one more", whole + [0]))
        changed.append(("zeros", [UInt8](repeating: 0, count: length)))
        let index = ChunkIndex()
        index.add(stored.packs[0])
        for (label, bytes) in changed {
            stored.store.damage(stored.name) { $0 = bytes }
            let failure = #expect(throws: Failure.self, "\(label)") { try audit.verify(stored.name) }
            #expect(failure?.kind == .damaged, "\(label): \(failure?.description ?? "")")
            #expect(failure?.sentence.contains(stored.name.text) == true, "\(label): \(failure?.description ?? "")")
            let reader = ChunkReader(stored.made.repository, index: index)
            for (id, bytes) in stored.chunks {
                do { #expect(try reader.bytes(id, .content) == bytes, "\(label)") } catch {
                    #expect(Failure(error).kind == .damaged, "\(label)")
                }
            }
            stored.store.damage(stored.name) { $0 = whole }
        }
        try stored.store.remove(stored.name)
        #expect(throws: Failure.self) { try audit.verify(stored.name) }
        let reader = ChunkReader(stored.made.repository, index: index)
        let id = try #require(stored.chunks.keys.first)
        let missing = #expect(throws: Failure.self) { try reader.bytes(id, .content) }
        #expect(missing?.kind == .damaged && missing?.sentence.contains(stored.name.text) == true)
    }

    @Test("of another repository, or under another pack's name, are refused")
    func exchanged() throws {
        let left = try Stored(frames: 1)
        let right = try Stored(frames: 2)
        let foreign = try TestRepository(seed: 50)
        let bytes = try left.store.read(left.name, limit: 1 << 20)
        _ = try foreign.store.create(left.name, bytes.span)
        let failure = #expect(throws: Failure.self) { try PackAudit(foreign.repository).verify(left.name) }
        #expect(failure?.kind == .damaged)
        right.store.damage(right.name) { $0 = bytes }
        #expect(throws: Failure.self) { try PackAudit(right.made.repository).verify(right.name) }
    }

    @Test("end near their target, and each holds its share")
    func target() throws {
        let made = try TestRepository()
        var finished: [FinishedPack] = []
        let box = Counter()
        let sealer = PackSealer(
            .dataPack, repository: made.repository, session: [UInt8](repeating: 0, count: 16), compression: .stored,
            verifies: false
        ) { box.add($0) }
        let namer = made.repository.namer()
        let noise = SeededRandomness(seed: 2).bytes(4 << 20)
        for _ in 0..<18 {
            var frame = FrameBuffer(capacity: 4 << 20)
            frame.append(noise.span, id: namer.name(.content, noise.span).id, quickHash: 0)
            try sealer.store(frame)
        }
        try sealer.finish()
        finished = box.packs
        #expect(finished.count == 3)
        #expect(finished.allSatisfy { $0.info.length <= Limits.packTarget + UInt64(Limits.frameBytes) })
    }

    private final class Counter {
        private(set) var packs: [FinishedPack] = []
        func add(_ pack: FinishedPack) { packs.append(pack) }
    }

    @Test("a frame whose chunks are not what their ids say is not stored: RAM lies")
    func verification() throws {
        let made = try TestRepository()
        let sealer = PackSealer(
            .dataPack, repository: made.repository, session: [UInt8](repeating: 0, count: 16)
        ) { _ in }
        var frame = FrameBuffer(capacity: 100)
        let bytes: [UInt8] = [1, 2, 3]
        frame.append(bytes.span, id: ChunkID(high: 1, low: 1), quickHash: WyHash.hash(bytes.span))
        let failure = #expect(throws: Failure.self) { try sealer.store(frame) }
        #expect(failure?.hint?.contains("memory") == true)
    }

    @Test("a frame in which one bit of any chunk changed after its first hash is not stored, before or after its id")
    func flips() throws {
        let made = try TestRepository()
        let namer = made.repository.namer()
        let chunks = (0..<40).map { SeededRandomness(seed: UInt64($0)).bytes(200 + 7 * $0) }
        for (place, isBeforeID) in [(0, false), (1, false), (17, false), (39, false), (1, true), (39, true)] {
            let sealer = PackSealer(
                .dataPack, repository: made.repository, session: [UInt8](repeating: 0, count: 16)
            ) { _ in }
            var frame = FrameBuffer(capacity: 1 << 20)
            for (index, chunk) in chunks.enumerated() {
                let quickHash = WyHash.hash(chunk.span)
                var flipped = chunk
                if index == place { flipped[index * 5] ^= 0x10 }
                let named = isBeforeID ? flipped : chunk
                frame.append(flipped.span, id: namer.name(.content, named.span).id, quickHash: quickHash)
            }
            let failure = #expect(throws: Failure.self, "\(place)") { try sealer.store(frame) }
            #expect(failure?.hint?.contains("memory") == true)
        }
    }

    @Test("a processor that computes wrong ids is found out, though the bytes are right")
    func wrongIDs() throws {
        let made = try TestRepository()
        let sealer = PackSealer(
            .dataPack, repository: made.repository, session: [UInt8](repeating: 0, count: 16)
        ) { _ in }
        let namer = made.repository.namer()
        func store(_ number: Int, wrong: Bool) throws {
            var frame = FrameBuffer(capacity: 1 << 20)
            let bytes = SeededRandomness(seed: UInt64(number)).bytes(1000)
            let id = wrong ? ChunkID(high: 1, low: UInt64(number)) : namer.name(.content, bytes.span).id
            frame.append(bytes.span, id: id, quickHash: WyHash.hash(bytes.span))
            try sealer.store(frame)
        }
        for number in 0..<20 { try store(number, wrong: false) }
        #expect(throws: Failure.self) { for number in 20..<40 { try store(number, wrong: true) } }
    }

    @Test("directories that no writer makes are refused")
    func directories() throws {
        let frames = IndexTests.packs(1)[0].frames
        let session = [UInt8](repeating: 1, count: 16)
        let room = UInt64(frames.reduce(0) { $0 + $1.sealedLength })
        let good = PackDirectory(session: session, frames: frames)
        #expect(try PackDirectory(good.bytes, room: room, object: "x") == good)
        var bad: [(String, [UInt8], UInt64)] = [
            ("room left", good.bytes, room + 1), ("no room", good.bytes, room - 1), ("more", good.bytes + [0], room),
            ("less", Array(good.bytes.dropLast()), room), ("nothing", [], 0),
            ("version", [2] + good.bytes.dropFirst(), room),
        ]
        func add(_ label: String, _ change: (inout PackDirectory) -> Void) {
            var directory = good
            change(&directory)
            bad.append((label, directory.bytes, UInt64(directory.frames.reduce(0) { $0 + $1.sealedLength })))
        }
        add("chunks that do not add up") { $0.frames[0].plainLength += 1 }
        add("a frame without chunks") { $0.frames[0].chunks = [] }
        add("an empty chunk") { $0.frames[0].chunks[0].length = 0 }
        add("a frame of a tag alone") { $0.frames[0].sealedLength = 16 }
        add("a large frame") { $0.frames[0].sealedLength = Limits.frameBytes + 17 }
        add("a large chunk") { $0.frames[0].chunks[0].length = Limits.chunkBytes + 1 }
        for (label, bytes, room) in bad {
            let failure = #expect(throws: Failure.self, "\(label)") {
                try PackDirectory(bytes, room: room, object: "x")
            }
            #expect(failure?.kind == .damaged, "\(label)")
        }
    }

    @Test("a device that cannot give an object's bytes makes damage of that object, and no more")
    func badSector() throws {
        let stored = try Stored(frames: 1)
        let index = ChunkIndex()
        index.add(stored.packs[0])
        let store = BadSector(stored.store, stored.name)
        let reader = ChunkReader(try TestRepository.open(store), index: index)
        let id = try #require(stored.chunks.keys.first)
        let failure = #expect(throws: Failure.self) { try reader.bytes(id, .content) }
        #expect(failure?.kind == .damaged && failure?.systemError == nil)
        #expect(failure?.sentence.contains(stored.name.text) == true)
    }
}
