import Platform
import Sealing

/// Where each chunk lies, in memory: an open-addressing table of flat rows, about 45 bytes a chunk. Any thread may
/// call.
package final class ChunkIndex: @unchecked Sendable {
    private let lock = Lock()
    private let recovery = Lock()
    private var isRecovered = false
    private var keys: [ChunkID] = []
    private var places: [ChunkPlace] = []
    private var used = 0
    private var packs: [PackInfo] = []
    private var frames: [FramePlace] = []

    /// A frame number for slots that are empty, and for chunks that this run is still storing.
    private static let none = UInt32.max
    private static let pending = UInt32.max - 1

    /// Makes an empty index.
    package init() { allocate(1024) }

    /// How many chunks it knows.
    package var count: Int { lock.locked { used } }
    /// The packs it knows.
    package var allPacks: [PackInfo] { lock.locked { packs } }

    private func allocate(_ capacity: Int) {
        keys = [ChunkID](repeating: ChunkID(high: 0, low: 0), count: capacity)
        places = [ChunkPlace](repeating: ChunkPlace(frame: Self.none, offset: 0, length: 0), count: capacity)
    }

    /// The slot that holds `id`, or the empty one where it would go. The ids are uniform: their bits are the hash.
    private func slot(_ id: ChunkID) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: id.low) & mask
        while places[slot].frame != Self.none && keys[slot] != id { slot = (slot + 1) & mask }
        return slot
    }

    private func grow(_ wanted: Int) {
        guard wanted * 4 > keys.count * 3 else { return }
        var capacity = keys.count
        while wanted * 4 > capacity * 3 { capacity *= 2 }
        let (oldKeys, oldPlaces) = (keys, places)
        allocate(capacity)
        for (index, place) in oldPlaces.enumerated() where place.frame != Self.none {
            let slot = slot(oldKeys[index])
            keys[slot] = oldKeys[index]
            places[slot] = place
        }
    }

    private func put(_ id: ChunkID, _ place: ChunkPlace) {
        grow(used + 1)
        let slot = slot(id)
        // Of two copies the first holds: a later one may be of a pack that nobody vouches for.
        if places[slot].frame < Self.pending { return }
        if places[slot].frame == Self.none { used += 1 }
        keys[slot] = id
        places[slot] = place
    }

    /// Makes room for `count` chunks more.
    func reserve(_ count: Int) { lock.locked { grow(used + count) } }

    /// Adds a pack and gives its number.
    func addPack(_ info: PackInfo) -> UInt32 {
        lock.locked {
            packs.append(info)
            return UInt32(packs.count - 1)
        }
    }

    /// Adds a frame and gives its number.
    func addFrame(
        pack: UInt32, ordinal: UInt32, offset: UInt64, sealedLength: Int, codec: Codec, plainLength: Int
    ) -> UInt32 {
        lock.locked {
            frames.append(
                FramePlace(
                    pack: pack, ordinal: ordinal, offset: offset, sealedLength: sealedLength, codec: codec,
                    plainLength: plainLength))
            return UInt32(frames.count - 1)
        }
    }

    /// Notes where a chunk lies.
    func add(_ id: ChunkID, _ place: ChunkPlace) { lock.locked { put(id, place) } }

    /// Notes everything in a pack that was just stored.
    package func add(_ pack: FinishedPack) {
        let number = addPack(pack.info)
        var offset = UInt64(ObjectHeader.length)
        for (ordinal, frame) in pack.frames.enumerated() {
            let place = addFrame(
                pack: number, ordinal: UInt32(ordinal), offset: offset, sealedLength: frame.sealedLength,
                codec: frame.codec,
                plainLength: frame.plainLength)
            offset += UInt64(frame.sealedLength)
            var inside = 0
            for chunk in frame.chunks {
                add(chunk.id, ChunkPlace(frame: place, offset: UInt32(inside), length: UInt32(chunk.length)))
                inside += chunk.length
            }
        }
    }

    /// Runs `body`, which looks for packs that no index names, unless that was done before.
    func recoverOnce(_ body: () throws -> Void) throws {
        try recovery.locked { () throws in
            if isRecovered { return }
            try body()
            isRecovered = true
        }
    }

    /// How many chunks lie in each pack, by the packs' numbers.
    package func chunksByPack() -> [Int] {
        lock.locked {
            var counts = [Int](repeating: 0, count: packs.count)
            for place in places where place.frame < Self.pending { counts[Int(frames[Int(place.frame)].pack)] += 1 }
            return counts
        }
    }

    /// Whether a chunk is stored, or is being stored by this run.
    package func contains(_ id: ChunkID) -> Bool { lock.locked { places[slot(id)].frame != Self.none } }

    /// True for the one caller that must store the chunk; false when it is stored or somebody is at it.
    package func claim(_ id: ChunkID) -> Bool {
        lock.locked {
            guard places[slot(id)].frame == Self.none else { return false }
            put(id, ChunkPlace(frame: Self.pending, offset: 0, length: 0))
            return true
        }
    }

    /// Where a stored chunk lies, nil when it is not known or not stored yet.
    package func place(of id: ChunkID) -> ChunkPlace? {
        lock.locked {
            let place = places[slot(id)]
            return place.frame < Self.pending ? place : nil
        }
    }

    /// A frame by its number.
    package func frame(_ number: UInt32) -> FramePlace { lock.locked { frames[Int(number)] } }
    /// A pack by its number.
    package func pack(_ number: UInt32) -> PackInfo { lock.locked { packs[Int(number)] } }
    /// How many frames there are; their numbers are 0 to one less.
    package var frameCount: Int { lock.locked { frames.count } }
}
