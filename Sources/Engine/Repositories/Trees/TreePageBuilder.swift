import Entries
import Platform
import Sealing

/// Makes the pages of one directory out of its entries, in ascending order of names.
///
/// Up to 256 entries of less than 512 KiB are one page. In a larger directory a page ends where a keyed hash of a name
/// says so, hence a change makes few new pages however large the directory is; and memory holds one page at a time.
package struct TreePageBuilder {
    private var page = ByteWriter()
    private var waiting: [[UInt8]] = []
    private var waitingNames: [[UInt8]] = []
    private var waitingBytes = 0
    private var isLarge = false
    private var content = ContentBuilder()
    private var count = 0

    /// Begins an empty directory.
    package init() {}

    /// Adds the next entry. `store` saves a page or chunk list and gives its id; `borders` hashes names.
    package mutating func append(
        _ item: TreeEntry, borders: MessageAuthentication, store: (ChunkKind, [UInt8]) throws -> ChunkID
    ) throws {
        var writer = ByteWriter()
        TreeEntryCoding.write(item, to: &writer)
        guard writer.bytes.count <= Limits.entryBytes else {
            throw Failure(.failed, "the attributes of \(printable(item.entry.name)) are too large to be stored")
        }
        count += 1
        if isLarge { return try add(writer.bytes, item.entry.name, borders, store) }
        waiting.append(writer.bytes)
        waitingNames.append(item.entry.name)
        waitingBytes += writer.bytes.count
        // Few entries with large attributes make a large directory too: they may not fit one chunk, nor memory.
        if count > Limits.singlePageEntries || waitingBytes >= Limits.pageBytes {
            isLarge = true
            for (bytes, name) in zip(waiting, waitingNames) { try add(bytes, name, borders, store) }
            waiting = []
            waitingNames = []
        }
    }

    private mutating func add(
        _ bytes: [UInt8], _ name: [UInt8], _ borders: MessageAuthentication,
        _ store: (ChunkKind, [UInt8]) throws -> ChunkID
    ) throws {
        put(bytes)
        let code = borders.code(nil, name.span)
        // The lowest byte of the little-endian number decides what it is modulo 256.
        if code[0] == 0 || page.bytes.count >= Limits.pageBytes { try endPage(store) }
    }

    private mutating func put(_ bytes: [UInt8]) {
        if page.bytes.isEmpty { page.byte(1) }
        page.bytes.append(contentsOf: bytes)
    }

    private mutating func endPage(_ store: (ChunkKind, [UInt8]) throws -> ChunkID) throws {
        guard !page.bytes.isEmpty else { return }
        let id = try store(.treePage, page.bytes)
        try content.append(id, length: page.bytes.count) { try store(.chunkList, $0) }
        page = ByteWriter()
    }

    /// The directory's content. The builder is used up.
    package mutating func finish(store: (ChunkKind, [UInt8]) throws -> ChunkID) throws -> Content {
        for bytes in waiting { put(bytes) }
        try endPage(store)
        return try content.finish { try store(.chunkList, $0) }
    }
}
