import Platform

extension ChunkReader {
    /// Tells `body` every chunk of a content in order, through its chunk lists: id and length.
    package func walk(_ content: Content, _ body: (ChunkID, Int) throws -> Void) throws {
        let cursor = ContentCursor(content, reader: self)
        while let (id, length) = try cursor.next() { try body(id, length) }
    }

    /// The items of a chunk list.
    package func list(_ item: Content.Item) throws -> [Content.Item] {
        var reader = ByteReader(try bytes(item.id, .chunkList), object: "the chunk list \(item.id)")
        let items = try Content.items(from: &reader, length: item.covered)
        try reader.finish()
        return items
    }

    /// Streams the bytes of a content in order, chunk by chunk, with each chunk's SHA-256.
    package func stream(_ content: Content, _ body: (Span<UInt8>, [UInt8]) throws -> Void) throws {
        let cursor = ContentCursor(content, reader: self)
        var ahead = Result { try cursor.next() }
        while let (id, length) = try ahead.get() {
            // What is wrong behind a chunk is told behind it.
            ahead = Result { try cursor.next() }
            let next = (try? ahead.get())?.id
            try read(id, .content, before: next) { bytes, digest in
                guard bytes.count == length else {
                    throw Failure(.damaged, "the chunk \(id) has another length than its content says")
                }
                try body(bytes, digest)
            }
        }
    }

    /// The whole of a small content, at most `limit` bytes.
    package func whole(_ content: Content, limit: UInt64 = Limits.manifestBytes, object: String) throws -> [UInt8] {
        guard content.length <= limit else { throw Failure(.damaged, "\(object) is larger than \(limit) bytes") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(content.length))
        try stream(content) { piece, _ in bytes.append(piece) }
        return bytes
    }
}
