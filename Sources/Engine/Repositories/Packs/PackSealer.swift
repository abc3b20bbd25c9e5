import Platform
import Sealing
import Storage

/// Writes packs of one kind: compresses, seals and verifies frames, and ends a pack when it is large enough.
/// Used by one thread; several may write side by side, each its own packs.
package final class PackSealer {
    private let kind: ObjectKind
    private let repository: Repository
    private let session: [UInt8]
    private let verifies: Bool
    private let compressor: Compressor
    private let verifier: FrameOpener
    private let finished: (FinishedPack) throws -> Void
    private var current: OpenPack?
    private var packed = Buffer(capacity: Limits.frameBytes)
    private var sealed = Buffer(capacity: Limits.frameBytes + AuthenticatedCipher.tagLength)

    private final class OpenPack {
        let object: any PendingObject
        let header: ObjectHeader
        let cipher: AuthenticatedCipher
        let digest = Digest()
        var length: UInt64 = 0
        var frames: [PackDirectory.Frame] = []
        /// Bytes that the directory will have at most.
        var directoryBytes = 0

        init(object: any PendingObject, header: ObjectHeader, cipher: AuthenticatedCipher) {
            self.object = object
            self.header = header
            self.cipher = cipher
        }

        func append(_ bytes: Span<UInt8>) throws {
            try object.append(bytes)
            digest.update(bytes)
            length += UInt64(bytes.count)
        }
    }

    /// Makes a sealer. `finished` is told every pack that is complete and durable, on the calling thread.
    package init(
        _ kind: ObjectKind, repository: Repository, session: [UInt8], compression: Compressor.Choice = .best,
        verifies: Bool = true, finished: @escaping (FinishedPack) throws -> Void
    ) {
        precondition(kind == .dataPack || kind == .treePack)
        self.kind = kind
        self.repository = repository
        self.session = session
        self.verifies = verifies
        compressor = Compressor(compression)
        verifier = FrameOpener(namer: repository.namer())
        self.finished = finished
    }

    /// Stores a frame, which holds at least one chunk. Every chunk in it can be read back, or this throws.
    package func store(_ frame: borrowing FrameBuffer) throws {
        let pack = try current ?? begin()
        packed.clear()
        let codec = compressor.compress(frame.bytes.bytes, isQuick: frame.holdsLines, into: &packed)
        let ordinal = UInt32(pack.frames.count)
        let additional = repository.sealer.additionalData(
            pack.header, name: repository.sealer.nameField(nil), ordinal: ordinal)
        sealed.clear()
        packed.withBytes { pack.cipher.seal($0, ordinal: ordinal, additional: additional, into: &sealed) }
        let record = PackDirectory.Frame(
            sealedLength: sealed.count, codec: codec, plainLength: frame.bytes.count, chunks: frame.chunks)
        if verifies {
            // RAM and processors lie: what will be stored is opened again before anything relies on it.
            try sealed.withBytes {
                try verifier.verify(
                    $0, record, frame.quickHashes, pack.cipher, ordinal: ordinal, additional: additional, kind: kind)
            }
        }
        try sealed.withBytes { try pack.append($0) }
        pack.frames.append(record)
        pack.directoryBytes += 16 + record.chunks.count * (ChunkID.length + 4)
        // A pack of tiny chunks has more directory than frames, and a reader bounds both.
        if pack.length >= Limits.packTarget || pack.directoryBytes >= Limits.directoryTarget { try finish() }
    }

    /// Ends the pack that is being written, if any.
    package func finish() throws {
        guard let pack = current else { return }
        let directory = PackDirectory(session: session, frames: pack.frames)
        let plain = directory.bytes
        var tail = Buffer(capacity: plain.count + AuthenticatedCipher.tagLength + 8)
        let additional = repository.sealer.additionalData(
            pack.header, name: repository.sealer.nameField(nil), ordinal: .max)
        AuthenticatedCipher(key: try repository.sealer.objectKey(pack.header, part: .directory, object: "a new pack"))
            .seal(plain.span, ordinal: .max, additional: additional, into: &tail)
        var trailer = ByteWriter()
        trailer.word(UInt32(tail.count))
        trailer.bytes.append(contentsOf: Array("SLVR".utf8))
        tail.append(trailer.bytes.span)
        try pack.append(tail.bytes)
        let id = pack.digest.finish()
        current = nil
        // A name that is taken holds the same bytes: it is their hash.
        _ = try pack.object.finish(as: ObjectName(pack: id))
        let info = PackInfo(
            id: id, length: pack.length, kind: kind, epoch: pack.header.epoch, salt: pack.header.salt)
        try finished(FinishedPack(info: info, frames: directory.frames))
    }

    private func begin() throws -> OpenPack {
        let header = ObjectHeader(
            kind, epoch: repository.sealer.keys.currentEpoch,
            salt: repository.sealer.randomness.bytes(ObjectHeader.saltLength))
        let cipher = AuthenticatedCipher(key: try repository.sealer.objectKey(header, object: "a new pack"))
        let pack = OpenPack(object: try repository.store.begin(), header: header, cipher: cipher)
        try pack.append(header.bytes.span)
        current = pack
        return pack
    }
}
