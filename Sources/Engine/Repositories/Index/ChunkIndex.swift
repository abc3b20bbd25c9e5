import Platform
import Sealing

/// Where each chunk lies, in memory. Any thread may call.
///
/// What was loaded are sorted rows of 26 bytes a chunk, and up to one byte of table to find them. What this run stores
/// is in a small hash table, until it is merged into the rows. A million chunks take 27 MB and 7 MB for the run,
/// twenty millions 540 MB; frames of large chunks take 8 bytes more each, a pack about 100.
package final class ChunkIndex: @unchecked Sendable {
    private let lock = Lock()
    private let recovery = Lock()
    private var isRecovered = false
    private var rows = ChunkRows()
    private var recent = RecentChunks()
    private var packs = PackTable()
    /// Frames that turned out to be damaged while they were read.
    private var avoided: Set<UInt32> = []

    /// So many chunks of this run are merged at once, and more where there are many rows: each merge goes through all
    /// of them. With the chunks that are being stored they take 2^18 slots of 28 bytes, 7 MB.
    private var recentAtMost: Int { max(1 << 16, rows.count / 64) }

    /// Makes an empty index.
    package init() {}

    /// How many different chunks it knows.
    package var count: Int { settled { rows.chunks + recent.count } }
    /// The packs it knows.
    package var allPacks: [PackInfo] { lock.locked { (0..<UInt32(packs.count)).map { packs.pack($0) } } }

    /// Runs `body` with every row in its place.
    private func settled<Answer>(_ body: () -> Answer) -> Answer {
        lock.locked {
            if rows.needsSettling { rows.settle() }
            return body()
        }
    }

    // MARK: Filling

    /// Lets `body` add packs and rows in bulk; they are sorted when somebody first looks.
    func fill(_ body: (inout PackTable, inout ChunkRows) throws -> Void) throws {
        try lock.locked { () throws in try body(&packs, &rows) }
    }

    /// Notes everything in a pack that was just stored.
    package func add(_ pack: FinishedPack) {
        settled {
            var number = packs.add(pack.info, pack.frames)
            for frame in pack.frames {
                var offset = 0
                for chunk in frame.chunks {
                    add(
                        chunk.id,
                        ChunkPlace(frame: number, offset: UInt32(offset), length: UInt32(chunk.length)))
                    offset += chunk.length
                }
                number += 1
            }
        }
    }

    /// Notes everything in packs that somebody else stored. Rows are put in order once, when somebody next looks.
    func adopt(_ adopted: [FinishedPack]) {
        lock.locked {
            // What this run stored before comes first where there are copies.
            if recent.placed > 0 { merge() }
            for pack in adopted {
                var number = packs.add(pack.info, pack.frames)
                for frame in pack.frames {
                    var offset = 0
                    for chunk in frame.chunks {
                        rows.append(
                            chunk.id,
                            ChunkPlace(frame: number, offset: UInt32(offset), length: UInt32(chunk.length)))
                        offset += chunk.length
                    }
                    number += 1
                }
            }
        }
    }

    private func add(_ id: ChunkID, _ place: ChunkPlace) {
        // A second copy is for the day when the first one is damaged: it goes behind it, among the rows.
        if rows.row(of: id) != nil, !recent.contains(id) { return rows.append(id, place) }
        let isFirst = recent.put(id, at: place)
        if !isFirst || recent.placed >= recentAtMost { merge() }
        if !isFirst { rows.append(id, place) }
    }

    private func merge() {
        guard recent.placed > 0 else { return }
        recent.drain { rows.append($0, $1) }
        rows.settle()
    }

    /// Runs `body`, which looks for packs that no index names, unless that was done before.
    func recoverOnce(_ body: () throws -> Void) throws {
        try recovery.locked { () throws in
            if isRecovered { return }
            try body()
            isRecovered = true
        }
    }

    /// True for the one caller that must store the chunk; false when it is stored or somebody is at it.
    package func claim(_ id: ChunkID) -> Bool {
        settled {
            guard rows.row(of: id) == nil, !recent.contains(id) else { return false }
            recent.claim(id)
            return true
        }
    }

    // MARK: Looking

    /// Whether a chunk is stored, or is being stored by this run.
    package func contains(_ id: ChunkID) -> Bool { settled { rows.row(of: id) != nil || recent.contains(id) } }

    /// Where a stored chunk lies, nil when it is not known or not stored yet. Of several copies it gives the first one
    /// that nobody found damaged.
    package func place(of id: ChunkID) -> ChunkPlace? {
        settled {
            guard let row = rows.row(of: id) else { return recent.place(of: id) }
            if avoided.isEmpty { return rows.row(row).place }
            let places = copies(of: id)
            return places.first { !avoided.contains($0.frame) } ?? places.first
        }
    }

    /// Every place where a stored chunk lies.
    package func places(of id: ChunkID) -> [ChunkPlace] { settled { copies(of: id) } }

    private func copies(of id: ChunkID) -> [ChunkPlace] {
        var places: [ChunkPlace] = []
        if var row = rows.row(of: id) {
            while row < rows.count, rows.row(row).id == id {
                places.append(rows.row(row).place)
                row += 1
            }
        }
        return places + (recent.place(of: id).map { [$0] } ?? [])
    }

    // MARK: Checking

    /// A number for a chunk that is stored, below `positions`. It holds until the next chunk is added.
    package func position(of id: ChunkID) -> Int? {
        settled {
            merge()
            return rows.row(of: id)
        }
    }

    /// Above every position.
    package var positions: Int { settled { rows.count + recent.placed } }

    /// How many chunks the index has in each pack, by the packs' numbers.
    package func chunksByPack() -> [Int] {
        settled {
            merge()
            var byFrame = [UInt32](repeating: 0, count: packs.frameCount)
            rows.forEach { byFrame[Int($0.place.frame)] += 1 }
            return (0..<UInt32(packs.count)).map { number in
                packs.frameNumbers(of: number).reduce(0) { $0 + Int(byFrame[Int($1)]) }
            }
        }
    }

    /// What the index says of a pack that its own directory does not, as a sentence; nil when there is nothing.
    /// `chunks` is what `chunksByPack` gave.
    package func contradiction(to pack: FinishedPack, chunks: [Int]) -> String? {
        settled {
            for number in packs.numbers(of: pack.info.id) {
                guard packs.pack(number) == pack.info, packs.hasFrames(pack.frames, number) else {
                    return "the index describes a frame of it wrongly"
                }
                var (frame, found, missing) = (packs.frameNumbers(of: number).lowerBound, 0, 0)
                for described in pack.frames {
                    var offset = 0
                    for chunk in described.chunks {
                        let place = ChunkPlace(
                            frame: frame, offset: UInt32(offset), length: UInt32(chunk.length))
                        if copies(of: chunk.id).contains(place) { found += 1 } else { missing += 1 }
                        offset += chunk.length
                    }
                    frame += 1
                }
                guard found == chunks[Int(number)] else {
                    return "the index names chunks in it that are not there, or elsewhere in it"
                }
                guard missing == 0 else { return "the index leaves out chunks of it" }
            }
            return nil
        }
    }

    /// Notes that a frame is damaged: of the chunks in it, other copies come first.
    func avoid(_ frame: UInt32) { lock.locked { _ = avoided.insert(frame) } }

    /// A frame by its number.
    package func frame(_ number: UInt32) -> FramePlace { lock.locked { packs.frame(number) } }
    /// A pack by its number.
    package func pack(_ number: UInt32) -> PackInfo { lock.locked { packs.pack(number) } }
    /// How many frames there are; their numbers are 0 to one less.
    package var frameCount: Int { lock.locked { packs.frameCount } }
    /// How many packs there are; their numbers are 0 to one less.
    package var packCount: Int { lock.locked { packs.count } }
    /// The numbers under which a pack is in it: none, one, or several where index objects contradict each other.
    package func packs(named id: [UInt8]) -> [UInt32] { lock.locked { packs.numbers(of: id) } }
    /// The numbers of a pack's frames.
    package func frames(ofPack number: UInt32) -> Range<UInt32> { lock.locked { packs.frameNumbers(of: number) } }
    /// The pack that a frame lies in.
    package func pack(ofFrame number: UInt32) -> UInt32 { lock.locked { packs.pack(ofFrame: number) } }
}
