import Formats
import Platform
import Repositories
import Storage
import TestDoubles

/// A snapshot made by somebody who has the keys and means no good: chunks, pages and records with anything in them.
package struct Forgery {
    /// The repository that it is for.
    package let made: TestRepository
    private let session: WriteSession
    private let writer: MetadataWriter

    /// Begins one, in a repository of its own where none is given.
    package init(_ repository: TestRepository? = nil) throws {
        made = try repository ?? TestRepository()
        session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        writer = try MetadataWriter(made.repository, session: session, verifies: false)
    }

    /// Stores a chunk.
    package func chunk(_ kind: ChunkKind, _ bytes: [UInt8]) throws -> ChunkID { try writer.store(kind, bytes.span) }

    /// Stores some bytes as a content of one chunk.
    package func content(_ bytes: [UInt8]) throws -> Content {
        let item = Content.Item(id: try chunk(.content, bytes), covered: UInt64(bytes.count))
        return Content(length: item.covered, depth: 0, items: [item])
    }

    /// A file with its right digest.
    package func file(_ name: String, _ bytes: [UInt8]) throws -> RawEntry {
        .file(name, try content(bytes), digest: sha256(bytes))
    }

    /// Stores entries as the one page of a directory, in the order in which they come.
    package func page(_ entries: [RawEntry]) throws -> Content { try rawPage([1] + entries.flatMap(\.bytes)) }

    /// Stores any bytes as the one page of a directory.
    package func rawPage(_ bytes: [UInt8]) throws -> Content {
        let item = Content.Item(id: try chunk(.treePage, bytes), covered: UInt64(bytes.count))
        return Content(length: item.covered, depth: 0, items: [item])
    }

    /// Stores a list of items, `times` times the same one, as an item one level up.
    package func list(_ item: Content.Item, times: Int) throws -> Content.Item {
        let bytes = RawEntry.items([Content.Item](repeating: item, count: times))
        return Content.Item(id: try chunk(.chunkList, bytes), covered: item.covered * UInt64(times))
    }

    /// Stores what was made, for snapshots of other sessions.
    package func store() throws {
        try writer.finish()
        try session.flushIndex()
    }

    /// Commits a snapshot whose source `web` is a directory with these pages.
    @discardableResult
    package func commit(web pages: Content, statistics: JSONValue = .null) throws -> SnapshotRecord {
        try commit(root: page([.directory("web", pages)]), statistics: statistics)
    }

    /// Commits a snapshot with any root.
    @discardableResult
    package func commit(root: Content, statistics: JSONValue = .null) throws -> SnapshotRecord {
        var record = SnapshotRecord(.snapshot, session: session.id)
        record.system = "shop"
        record.root = root
        made.clock.advance(seconds: 60)
        (record.dataTime, record.committedBy) = (made.clock.now(), made.clock.now())
        record.sources = [
            SnapshotRecord.Source(
                name: "web", adapter: "files", location: "/srv/web", dataTime: Instant(seconds: 0), manifest: .empty,
                statistics: statistics, missing: [])
        ]
        try writer.finish()
        try session.commit(record)
        return record
    }
}
