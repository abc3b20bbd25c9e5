import Platform
import Sealing
import Storage

/// Reads chunks out of packs, each checked against its id. Used by one thread; keeps the frames used last.
///
/// A chunk may lie in several packs. When a copy of it is damaged another one is read, of the index first, then of
/// packs that no index names; the damaged pack is told to the repository's `notices`.
package final class ChunkReader {
    /// A frame that was opened; its memory serves for one after the other.
    private final class Kept {
        var frame: UInt32?
        var bytes = Buffer(capacity: Limits.frameBytes)
        var turn: UInt64 = 0
        /// How many look at the bytes just now.
        var lent = 0
        /// The chunk of it that was proved together with the one before, until it is read.
        var proved: Proved?
    }

    private struct Proved {
        var id: ChunkID
        var kind: ChunkKind
        var range: Range<Int>
        var digest: [UInt8]
    }

    private let repository: Repository
    let index: ChunkIndex
    private let opener: FrameOpener
    private let namer: ChunkNamer
    private var ciphers: [UInt32: AuthenticatedCipher] = [:]
    private var kept: [Kept] = []
    private var turn: UInt64 = 0
    private var sealed = Buffer(capacity: Limits.frameBytes + AuthenticatedCipher.tagLength)
    private let keepAtMost: Int
    /// With fewer frames the next chunk's would push out that of the lists.
    private static let keptForPairs = 4
    /// Copies of one chunk that are told as damaged. An honest index has few; one that lies could have any number.
    private static let failedAtMost = 64
    private let recovers: Bool
    /// Told each frame that is one chunk and was read whole and right.
    package var onWholeFrame: ((UInt32) -> Void)?
    /// Told the frame of each chunk that was read and right.
    package var onFrame: ((UInt32) -> Void)?
    /// Sealed bytes that were read from the store.
    package private(set) var bytesFetched: UInt64 = 0

    /// Reads from `repository` by `index`; keeps up to `keeping` frames. When a chunk is in no index and `recovers` is
    /// set, the packs that no index names are looked through, once; a writer must not rely on what was found so.
    package init(_ repository: Repository, index: ChunkIndex, keeping: Int = 4, recovers: Bool = true) {
        self.repository = repository
        self.index = index
        keepAtMost = keeping
        self.recovers = recovers
        namer = repository.namer()
        opener = FrameOpener(namer: namer)
    }

    /// Lends a chunk's bytes and their SHA-256 to `body`. Throws `.damaged`, naming the pack, when no copy of it can be
    /// had whole. `next` is the chunk of the same kind that is read after this one, when that is known: two are proved
    /// in less time together. That it is damaged is told when it is read.
    package func read<Answer>(
        _ id: ChunkID, _ kind: ChunkKind, before next: ChunkID? = nil,
        _ body: (Span<UInt8>, [UInt8]) throws -> Answer
    ) throws -> Answer {
        let found = try find(id, kind, before: next)
        found.kept.lent += 1
        defer { found.kept.lent -= 1 }
        return try found.kept.bytes.withBytes { try body($0.extracting(found.range), found.digest) }
    }

    /// A verified chunk in its frame.
    private struct Found {
        var kept: Kept
        var range: Range<Int>
        var digest: [UInt8]
    }

    private func find(_ id: ChunkID, _ kind: ChunkKind, before next: ChunkID?) throws -> Found {
        guard let place = index.place(of: id) else { return try findElsewhere(id, kind, nil) }
        do { return try find(id, kind, at: place, before: next) } catch let failure as Failure
            where failure.kind == .damaged
        {
            return try findElsewhere(id, kind, (place, failure))
        }
    }

    private func find(
        _ id: ChunkID, _ kind: ChunkKind, at place: ChunkPlace, before next: ChunkID? = nil
    ) throws -> Found {
        let kept = try load(place.frame)
        let range = Self.range(place)
        let (name, digest) = try prove(id, kind, range, of: kept, before: next)
        guard name == id else {
            throw Failure(
                .damaged, "\(packName(of: place)) is damaged", hint: "run `salvor check --read-data`",
                cause: "the chunk \(id) is not what its id says")
        }
        if range == 0..<kept.bytes.count { onWholeFrame?(place.frame) }
        onFrame?(place.frame)
        return Found(kept: kept, range: range, digest: digest)
    }

    private static func range(_ place: ChunkPlace) -> Range<Int> {
        Int(place.offset)..<Int(place.offset) + Int(place.length)
    }

    /// The id and the SHA-256 that the bytes have, which may be known from the chunk before.
    private func prove(
        _ id: ChunkID, _ kind: ChunkKind, _ range: Range<Int>, of kept: Kept, before next: ChunkID?
    ) throws -> (ChunkID, [UInt8]) {
        if let known = kept.proved, known.id == id, known.kind == kind, known.range == range {
            kept.proved = nil
            return (id, known.digest)
        }
        kept.lent += 1
        defer { kept.lent -= 1 }
        guard let next, next != id, keepAtMost >= Self.keptForPairs, let place = index.place(of: next),
            let other = try loadAhead(place.frame)
        else { return kept.bytes.withBytes { namer.name(kind, $0.extracting(range)) } }
        let otherRange = Self.range(place)
        let (one, two) = kept.bytes.withBytes { ones in
            other.bytes.withBytes { namer.names(kind, ones.extracting(range), $0.extracting(otherRange)) }
        }
        if two.id == next {
            other.proved = Proved(id: next, kind: kind, range: otherRange, digest: two.digest)
        }
        return one
    }

    /// The frame of the next chunk; nil when it is damaged, which is told when its turn comes. A store that does not
    /// answer is not asked twice.
    private func loadAhead(_ frame: UInt32) throws -> Kept? {
        do { return try load(frame) } catch let failure as Failure where failure.kind == .damaged { return nil }
    }

    /// Looks for a chunk whose first copy, if there is one, is no good.
    private func findElsewhere(_ id: ChunkID, _ kind: ChunkKind, _ first: (ChunkPlace, Failure)?) throws -> Found {
        var failed = first.map { [$0] } ?? []
        var tried = Set(failed.map { $0.0 })
        for round in 0...1 {
            if round == 1 {
                guard recovers else { break }
                try index.recoverOnce { try repository.recoverIndex(into: index) }
            }
            for place in index.places(of: id) where tried.insert(place).inserted {
                do {
                    let found = try find(id, kind, at: place)
                    tell(failed)
                    return found
                } catch let failure as Failure where failure.kind == .damaged {
                    if failed.count < Self.failedAtMost { failed.append((place, failure)) }
                }
            }
        }
        guard let failure = failed.first?.1 else {
            throw Failure(
                .damaged, "the chunk \(id) is in no index of the repository",
                hint: "run `salvor check` to see what is affected")
        }
        throw failure
    }

    /// Tells what was done without.
    private func tell(_ failed: [(place: ChunkPlace, failure: Failure)]) {
        for (place, failure) in failed {
            index.avoid(place.frame)
            let cause = failure.cause ?? failure.sentence
            repository.notices.note(
                packName(of: place), "damaged or missing (\(cause)); what was needed of it was whole elsewhere")
        }
        guard failed.isEmpty else { return }
        repository.notices.note(
            "index", "an object of it is lost or damaged; what it named was found by the packs' own directories")
    }

    private func packName(of place: ChunkPlace) -> String { index.pack(index.pack(ofFrame: place.frame)).name.text }

    /// A small chunk as an array.
    package func bytes(_ id: ChunkID, _ kind: ChunkKind) throws -> [UInt8] {
        try read(id, kind) { bytes, _ in Array(bytes) }
    }

    private func load(_ number: UInt32) throws -> Kept {
        turn += 1
        if let known = kept.first(where: { $0.frame == number }) {
            known.turn = turn
            return known
        }
        let room: Kept
        if kept.count >= keepAtMost, let oldest = kept.filter({ $0.lent == 0 }).min(by: { $0.turn < $1.turn }) {
            room = oldest
        } else {
            room = Kept()
            kept.append(room)
        }
        room.frame = nil
        room.proved = nil
        room.bytes.clear()
        try fetch(number, into: &room.bytes)
        room.frame = number
        room.turn = turn
        return room
    }

    private func fetch(_ number: UInt32, into plain: inout Buffer) throws {
        let frame = index.frame(number)
        let pack = index.pack(frame.pack)
        sealed.clear()
        try repository.object(pack.name, offset: frame.offset, count: frame.sealedLength, into: &sealed)
        bytesFetched += UInt64(frame.sealedLength)
        let header = pack.header
        if ciphers[frame.pack] == nil {
            if ciphers.count >= 64 { ciphers = [:] }
            ciphers[frame.pack] = AuthenticatedCipher(
                key: try repository.sealer.objectKey(header, object: pack.name.text))
        }
        guard let cipher = ciphers[frame.pack] else { return }
        let additional = repository.sealer.additionalData(
            header, name: repository.sealer.nameField(nil), ordinal: frame.ordinal)
        try sealed.withBytes {
            try opener.open(
                $0, codec: frame.codec, plainLength: frame.plainLength, cipher, ordinal: frame.ordinal,
                additional: additional, into: &plain, object: pack.name.text)
        }
    }
}
