import Platform
import Sealing

/// Stores tree pages, chunk lists and small documents into tree packs. Used by one thread at a time.
package final class MetadataWriter: @unchecked Sendable {
    private let session: WriteSession
    private let namer: ChunkNamer
    private let cutter: Cutter
    private let sealer: PackSealer
    private var frame = FrameBuffer(capacity: 5 << 20)

    /// Pages are put together up to here; a reader of one page reads so much.
    private static let frameTarget = 512 << 10

    /// Writes for one session.
    package init(
        _ repository: Repository, session: WriteSession, compression: Compressor.Choice = .best, verifies: Bool = true
    ) throws {
        self.session = session
        namer = repository.namer()
        cutter = try repository.cutter(.files)
        sealer = PackSealer(
            .treePack, repository: repository, session: session.id, compression: compression, verifies: verifies
        ) { try session.add($0) }
    }

    /// Stores a chunk, unless the repository has it.
    package func store(_ kind: ChunkKind, _ bytes: Span<UInt8>) throws -> ChunkID {
        let quickHash = WyHash.hash(bytes)
        let (id, _) = namer.name(kind, bytes)
        guard session.index.claim(id) else { return id }
        if frame.bytes.count + bytes.count > Self.frameTarget { try sendFrame() }
        frame.append(bytes, id: id, quickHash: quickHash)
        return id
    }

    /// Stores bytes of any length as content, such as a source's manifest.
    package func store(_ bytes: [UInt8]) throws -> Content {
        var builder = ContentBuilder()
        var start = 0
        while start < bytes.count {
            let rest = bytes.span.extracting(start..<bytes.count)
            let length = cutter.cut(rest)
            let id = try store(.content, rest.extracting(0..<length))
            try builder.append(id, length: length) { try store(.chunkList, $0.span) }
            start += length
        }
        return try builder.finish { try store(.chunkList, $0.span) }
    }

    private func sendFrame() throws {
        guard !frame.bytes.isEmpty else { return }
        try sealer.store(frame)
        frame.clear()
    }

    /// Stores what is left and ends the pack.
    package func finish() throws {
        try sendFrame()
        try sealer.finish()
    }
}
