import Platform
import Sealing
import Storage

/// Reads chunks out of packs, each checked against its id. Used by one thread; keeps the frames used last.
package final class ChunkReader {
    private struct Kept {
        var frame: UInt32
        var bytes: [UInt8]
        var turn: UInt64
    }

    private let repository: Repository
    private let index: ChunkIndex
    private let opener: FrameOpener
    private let namer: ChunkNamer
    private var ciphers: [UInt32: AuthenticatedCipher] = [:]
    private var kept: [Kept] = []
    private var turn: UInt64 = 0
    private var sealed = Buffer(capacity: Limits.frameBytes + AuthenticatedCipher.tagLength)
    private var plain = Buffer(capacity: Limits.frameBytes)
    private let keepAtMost: Int
    private let recovers: Bool
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

    /// Lends a chunk's bytes and their SHA-256 to `body`. Throws `.damaged`, naming the pack, when it cannot be had
    /// whole.
    package func read<Answer>(
        _ id: ChunkID, _ kind: ChunkKind, _ body: (Span<UInt8>, [UInt8]) throws -> Answer
    ) throws -> Answer {
        guard let place = try place(of: id) else {
            throw Failure(
                .damaged, "the chunk \(id) is in no index of the repository",
                hint: "run `salvor check` to see what is affected")
        }
        let slot = try load(place.frame)
        let frame = kept[slot].bytes
        let bytes = frame.span.extracting(Int(place.offset)..<Int(place.offset) + Int(place.length))
        let (name, digest) = namer.name(kind, bytes)
        guard name == id else {
            let pack = index.pack(index.frame(place.frame).pack)
            throw Failure(
                .damaged, "\(pack.name.text) is damaged", hint: "run `salvor check --read-data`",
                cause: "the chunk \(id) is not what its id says")
        }
        return try body(bytes, digest)
    }

    /// A small chunk as an array.
    package func bytes(_ id: ChunkID, _ kind: ChunkKind) throws -> [UInt8] {
        try read(id, kind) { bytes, _ in Array(bytes) }
    }

    private func place(of id: ChunkID) throws -> ChunkPlace? {
        if let place = index.place(of: id) { return place }
        guard recovers else { return nil }
        try index.recoverOnce { _ = try repository.recoverIndex(into: index) }
        return index.place(of: id)
    }

    private func load(_ number: UInt32) throws -> Int {
        turn += 1
        if let slot = kept.firstIndex(where: { $0.frame == number }) {
            kept[slot].turn = turn
            return slot
        }
        plain.clear()
        try fetch(number)
        let entry = Kept(frame: number, bytes: plain.array(), turn: turn)
        if kept.count < keepAtMost {
            kept.append(entry)
            return kept.count - 1
        }
        let oldest = kept.indices.min { kept[$0].turn < kept[$1].turn } ?? 0
        kept[oldest] = entry
        return oldest
    }

    private func fetch(_ number: UInt32) throws {
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
