import Platform
import Sealing

/// Opens frames and checks every chunk in them; used by one thread.
package final class FrameOpener {
    private let namer: ChunkNamer
    private let decompressor: Decompressor
    private var packed = Buffer(capacity: Limits.frameBytes + AuthenticatedCipher.tagLength)
    private var plain = Buffer(capacity: Limits.frameBytes)
    /// Bytes of all chunks that were verified, and of those among them that were hashed against their ids.
    private var verifiedBytes = 0
    private var hashedBytes = 0

    /// Of the chunks that are verified, one byte in so many is hashed against its id, too.
    private static let hashedShare = 16

    /// Makes an opener. Without `zstandard` it behaves as on a machine that has no libzstd.
    package init(namer: ChunkNamer, zstandard: Bool = true) {
        self.namer = namer
        decompressor = Decompressor(zstandard: zstandard)
    }

    /// Appends the plain bytes of a frame to `output`. Throws `.damaged` when they are not what was sealed.
    func open(
        _ sealed: Span<UInt8>, codec: Codec, plainLength: Int, _ cipher: AuthenticatedCipher, ordinal: UInt32,
        additional: [UInt8], into output: inout Buffer, object: String
    ) throws {
        packed.clear()
        guard cipher.open(sealed, ordinal: ordinal, additional: additional, into: &packed) else {
            throw Failure(
                .damaged, "\(object) is damaged", hint: "run `salvor check --read-data`",
                cause: "frame \(ordinal) is not authentic")
        }
        try packed.withBytes {
            try decompressor.decompress($0, codec, length: plainLength, into: &output, object: object)
        }
    }

    /// Opens a frame that was just sealed and compares each chunk with the fast hash of its bytes.
    ///
    /// That hash was taken before the SHA-256 for the id. So a bit that changed at any moment after it, also while the
    /// SHA-256 was being computed, or between that and the compressor, is seen but for one chance in 2^64. What it does
    /// not see is a processor that computed another SHA-256 than that of the bytes: a part of the chunks is hashed
    /// against their ids for that, the first one always, since a processor that does so once does it again. Readers
    /// hash each chunk against its id whatever this found.
    func verify(
        _ sealed: Span<UInt8>, _ frame: PackDirectory.Frame, _ quickHashes: [UInt64], _ cipher: AuthenticatedCipher,
        ordinal: UInt32, additional: [UInt8], kind: ObjectKind
    ) throws {
        plain.clear()
        do {
            try open(
                sealed, codec: frame.codec, plainLength: frame.plainLength, cipher, ordinal: ordinal,
                additional: additional,
                into: &plain, object: "a frame that was just sealed")
            try plain.withBytes { try compare($0, frame.chunks, quickHashes, kind: kind) }
        } catch {
            throw Failure(
                .failed, "a frame could not be read back after it was sealed; nothing was stored",
                hint: "this machine's memory or processor makes errors: test it before you trust it",
                cause: Failure(error).description)
        }
    }

    private func compare(
        _ plain: Span<UInt8>, _ chunks: [PackDirectory.Chunk], _ quickHashes: [UInt64], kind: ObjectKind
    ) throws {
        var offset = 0
        for (chunk, quickHash) in zip(chunks, quickHashes) {
            let bytes = plain.extracting(offset..<offset + chunk.length)
            offset += chunk.length
            var isRight = WyHash.hash(bytes) == quickHash
            if hashedBytes * Self.hashedShare <= verifiedBytes {
                hashedBytes += chunk.length
                isRight = isRight && matches(bytes, chunk.id, kind: kind)
            }
            verifiedBytes += chunk.length
            guard isRight else {
                throw Failure(
                    .damaged, "a frame that was just sealed is damaged", cause: "the chunk \(chunk.id) changed")
            }
        }
    }

    /// Hashes each chunk of a plain frame against its id.
    package func check(_ plain: Span<UInt8>, _ chunks: [PackDirectory.Chunk], kind: ObjectKind, object: String) throws {
        var offset = 0
        for chunk in chunks {
            let bytes = plain.extracting(offset..<offset + chunk.length)
            offset += chunk.length
            guard matches(bytes, chunk.id, kind: kind) else {
                throw Failure(.damaged, "\(object) is damaged", cause: "the chunk \(chunk.id) is not what its id says")
            }
        }
    }

    private func matches(_ bytes: Span<UInt8>, _ id: ChunkID, kind: ObjectKind) -> Bool {
        let (first, digest) = namer.name(kind == .dataPack ? .content : .treePage, bytes)
        return first == id || namer.name(.chunkList, digest: digest) == id || namer.name(.content, digest: digest) == id
    }
}
