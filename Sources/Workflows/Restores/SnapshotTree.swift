import DataSources
import Entries
import Formats
import Platform
import Repositories
import Sealing

/// One source of a snapshot, for adapters and checks: its manifest, its entries by path, its bytes. Any thread may
/// call.
package final class SnapshotTree: CapturedTree, @unchecked Sendable {
    private let repository: Repository
    private let index: ChunkIndex
    private let source: SnapshotRecord.Source
    private let root: TreeEntry
    private let lock = Lock()
    private var idle: [ChunkReader] = []
    private var directories: [[[UInt8]]: Content] = [:]
    private var large: [[[UInt8]]: DirectoryPages] = [:]
    private var fetched: UInt64 = 0

    /// Directories whose place is remembered: paths are asked for in walks.
    private static let rememberedDirectories = 1024
    /// Large directories of which the pages are known: in a directory of 20,000 tables names are asked for at random.
    private static let rememberedLarge = 16

    /// Opens the source `name` of a snapshot.
    package init(_ repository: Repository, index: ChunkIndex, record: SnapshotRecord, source name: String) throws {
        self.repository = repository
        self.index = index
        guard let source = record.sources.first(where: { $0.name == name }) else {
            throw Failure(
                .usage, "snapshot \(record.shortIdentifier) has no source “\(name)”",
                hint: "it has \(record.sources.map { $0.name }.joined(separator: ", "))")
        }
        self.source = source
        let reader = ChunkReader(repository, index: index)
        guard let root = try TreeCursor(record.root, reader: reader).advance(to: Array(name.utf8)) else {
            throw Failure(
                .damaged, "snapshot \(record.shortIdentifier) names the source “\(name)” and its tree does not hold it")
        }
        self.root = root
        idle = [reader]
    }

    /// Sealed bytes that were read from the store so far.
    package var bytesFetched: UInt64 { lock.locked { fetched } }

    package func manifest() throws -> JSONValue {
        let bytes = try withReader { try $0.whole(source.manifest, object: "the manifest of \(source.name)") }
        do { return try JSONParser.parse(bytes) } catch {
            throw Failure(.damaged, "the manifest of \(source.name) is damaged", cause: error.sentence)
        }
    }

    package func children(of path: [[UInt8]]) throws -> [Entry] {
        try withReader { reader in
            let cursor = try TreeCursor(try directory(path, reader), reader: reader)
            var entries: [Entry] = []
            while let item = try cursor.next() { entries.append(item.entry) }
            return entries
        }
    }

    package func read(_ path: [[UInt8]], isProvedLater: Bool, _ body: (Span<UInt8>) throws -> Void) throws {
        try withReader { reader in
            let item = try entry(path, reader)
            guard item.entry.kind == .file, let content = item.content else { throw absent(path, "is no file") }
            if isProvedLater { return try reader.stream(content) { bytes, _ in try body(bytes) } }
            let digest = Digest()
            var only: [UInt8]?
            let isOneChunk = content.depth == 0 && content.items.count == 1
            try reader.stream(content) { bytes, plain in
                if isOneChunk { only = plain } else { digest.update(bytes) }
                try body(bytes)
            }
            guard (only ?? digest.finish()) == item.entry.digest else {
                throw Failure(.damaged, "the bytes of \(label(path)) are not those that were backed up")
            }
        }
    }

    /// The entry at a path; the root for an empty one.
    package func entry(at path: [[UInt8]]) throws -> TreeEntry { try withReader { try entry(path, $0) } }

    private func entry(_ path: [[UInt8]], _ reader: ChunkReader) throws -> TreeEntry {
        guard let name = path.last else { return root }
        let above = Array(path.dropLast())
        guard let item = try child(name, of: above, try directory(above, reader), reader) else {
            throw absent(path, "is not in the snapshot")
        }
        return item
    }

    /// The entry of a name in a directory whose pages are known; nil when there is none.
    private func child(
        _ name: [UInt8], of path: [[UInt8]], _ content: Content, _ reader: ChunkReader
    ) throws -> TreeEntry? {
        guard content.depth > 0 || content.items.count > 1 else {
            return try TreeCursor(content, reader: reader).advance(to: name)
        }
        if let pages = lock.locked({ large[path] }) { return try pages.entry(name, reader: reader) }
        // One that cannot be read is met again by the walk, which knows what to say of it.
        guard let pages = try? DirectoryPages(content, reader: reader) else {
            return try TreeCursor(content, reader: reader).advance(to: name)
        }
        lock.locked {
            if large.count >= Self.rememberedLarge { large = [:] }
            large[path] = pages
        }
        return try pages.entry(name, reader: reader)
    }

    /// The pages of a directory, reached from the deepest one on the way that is remembered.
    private func directory(_ path: [[UInt8]], _ reader: ChunkReader) throws -> Content {
        var known = path.count
        var content = lock.locked { () -> Content? in
            while known > 0, directories[Array(path[..<known])] == nil { known -= 1 }
            return directories[Array(path[..<known])]
        }
        if content == nil {
            guard root.entry.kind == .directory else { throw absent([], "is no directory") }
            content = root.content
        }
        while known < path.count {
            guard let item = try child(path[known], of: Array(path[..<known]), content ?? .empty, reader) else {
                throw absent(Array(path[...known]), "is not in the snapshot")
            }
            known += 1
            guard item.entry.kind == .directory else { throw absent(Array(path[..<known]), "is no directory") }
            content = item.content
        }
        let found = content ?? .empty
        lock.locked {
            if directories.count >= Self.rememberedDirectories { directories = [:] }
            directories[path] = found
        }
        return found
    }

    private func absent(_ path: [[UInt8]], _ why: String) -> Failure {
        Failure(.usage, "\(label(path)) \(why)", hint: "`salvor ls` shows what is in it")
    }

    private func label(_ path: [[UInt8]]) -> String {
        ([Array(source.name.utf8)] + path).map { printable($0) }.joined(separator: "/")
    }

    private func withReader<Answer>(_ body: (ChunkReader) throws -> Answer) throws -> Answer {
        let reader = lock.locked { idle.popLast() } ?? ChunkReader(repository, index: index)
        let before = reader.bytesFetched
        defer {
            lock.locked {
                fetched += reader.bytesFetched - before
                idle.append(reader)
            }
        }
        return try body(reader)
    }
}
