import DataSources
import Entries
import Formats
import Platform
import Repositories

/// One source of a snapshot, for adapters and checks: its manifest, its entries by path, its bytes. Any thread may call.
package final class SnapshotTree: CapturedTree, @unchecked Sendable {
    private let repository: Repository
    private let index: ChunkIndex
    private let source: SnapshotRecord.Source
    private let root: TreeEntry
    private let lock = Lock()
    private var idle: [ChunkReader] = []
    private var directories: [[[UInt8]]: Content] = [:]
    private var fetched: UInt64 = 0

    /// Directories whose place is remembered: paths are asked for in walks.
    private static let rememberedDirectories = 1024

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
            throw Failure(.damaged, "snapshot \(record.shortIdentifier) names the source “\(name)” and its tree does not hold it")
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

    package func read(_ path: [[UInt8]], _ body: (Span<UInt8>) throws -> Void) throws {
        try withReader { reader in
            let item = try entry(path, reader)
            guard item.entry.kind == .file, let content = item.content else { throw absent(path, "is no file") }
            try reader.stream(content) { bytes, _ in try body(bytes) }
        }
    }

    /// The entry at a path; the root for an empty one.
    package func entry(at path: [[UInt8]]) throws -> TreeEntry { try withReader { try entry(path, $0) } }

    private func entry(_ path: [[UInt8]], _ reader: ChunkReader) throws -> TreeEntry {
        guard let name = path.last else { return root }
        let cursor = try TreeCursor(try directory(Array(path.dropLast()), reader), reader: reader)
        guard let item = try cursor.advance(to: name) else { throw absent(path, "is not in the snapshot") }
        return item
    }

    private func directory(_ path: [[UInt8]], _ reader: ChunkReader) throws -> Content {
        if let known = lock.locked({ directories[path] }) { return known }
        let item = try entry(path, reader)
        guard item.entry.kind == .directory, let content = item.content else { throw absent(path, "is no directory") }
        lock.locked {
            if directories.count >= Self.rememberedDirectories { directories = [:] }
            directories[path] = content
        }
        return content
    }

    private func absent(_ path: [[UInt8]], _ why: String) -> Failure {
        let text = path.map { printable($0) }.joined(separator: "/")
        return Failure(.usage, "\(source.name)\(path.isEmpty ? "" : "/" + text) \(why)", hint: "`salvor ls` shows what is in it")
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
