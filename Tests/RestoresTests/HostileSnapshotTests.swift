import DataSources
import Entries
import Formats
import Platform
import Repositories
import Restores
import Storage
import TestDoubles
import TestRepositories
import Testing

/// Snapshots that no honest writer makes, made by one who has the keys.
@Suite("A restore of a hostile snapshot")
struct HostileSnapshotTests {
    /// A repository with one snapshot whose source `web` holds `items`; `store` makes chunks for them.
    private static func forge(
        _ items: (_ store: (ChunkKind, [UInt8]) throws -> ChunkID) throws -> [TreeEntry]
    ) throws -> TestRepository {
        let made = try TestRepository()
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        let writer = try MetadataWriter(made.repository, session: session)
        let borders = try made.repository.pageBorders()
        func directory(_ items: [TreeEntry]) throws -> Content {
            var builder = TreePageBuilder()
            for item in items { try builder.append(item, borders: borders) { try writer.store($0, $1.span) } }
            return try builder.finish { try writer.store($0, $1.span) }
        }
        let content = try directory(try items { try writer.store($0, $1.span) })
        let root = Entry(name: Array("web".utf8), kind: .directory, permissions: 0o755, modified: Instant(seconds: 0))
        var record = SnapshotRecord(.snapshot, session: session.id)
        record.root = try directory([TreeEntry(entry: root, content: content, isSettled: true)])
        record.sources = [
            SnapshotRecord.Source(
                name: "web", adapter: "files", location: "/x", dataTime: Instant(seconds: 0), manifest: .empty,
                statistics: .null,
                missing: [])
        ]
        try writer.finish()
        try session.commit(record)
        return made
    }

    private static func file(_ name: String, _ content: Content, digest: [UInt8]) -> TreeEntry {
        var entry = Entry(
            name: Array(name.utf8), kind: .file, permissions: 0o644, modified: Instant(seconds: 0), size: content.length
        )
        entry.digest = digest
        return TreeEntry(entry: entry, content: content, isSettled: true)
    }

    private func restore(_ made: TestRepository, _ target: [UInt8], _ rule: OverwriteRule = .never) throws
        -> RestoreOutcome
    {
        let index = try made.repository.loadIndex()
        let record = try made.repository.records()[0]
        let plan = RestorePlan.whole(
            record, target: target, overwrite: rule, numericOwner: true)
        return try RestoreRun(made.repository, index: index, plan: plan).run()
    }

    @Test("sizes beyond 64 bits in sum, lies about lengths and digests: each file is damage, and the others come")
    func lies() throws {
        let folder = try TemporaryFolder("hostile")
        let made = try Self.forge { store in
            let bytes = noise(1000, seed: 1)
            let id = try store(.content, bytes)
            let huge = Content(length: .max, depth: 0, items: [.init(id: id, covered: .max)])
            let honest = Content(length: 1000, depth: 0, items: [.init(id: id, covered: 1000)])
            let long = Content(length: 1001, depth: 0, items: [.init(id: id, covered: 1001)])
            let deep = Content(length: 1000, depth: 4, items: [.init(id: id, covered: 1000)])
            let absent = Content(length: 5, depth: 0, items: [.init(id: ChunkID(high: 1, low: 1), covered: 5)])
            let digest = sha256(bytes)
            return [
                Self.file("a small", honest, digest: digest), Self.file("b huge", huge, digest: digest),
                Self.file("c huge", huge, digest: digest), Self.file("d long", long, digest: digest),
                Self.file("e deep", deep, digest: digest), Self.file("f absent", absent, digest: digest),
                Self.file("g digest", honest, digest: [UInt8](repeating: 0, count: 32)),
                Self.file("h small", honest, digest: digest),
            ]
        }
        let outcome = try restore(made, folder.path("out"))
        #expect(outcome.isDamaged && outcome.files == 2)
        #expect(
            outcome.missing.map(\.object)
                == ["b huge", "c huge", "d long", "e deep", "f absent", "g digest"].map { "web/" + $0 })
        let names = try Directory(folder.path("out/web")).names().map { printable($0) }
        #expect(names == ["a small", "h small"], "nothing wrong was left behind")
        _ = try restore(made, folder.path("out"), .ifChanged)
        #expect(throws: Failure.self) {
            try FileTree.remove(folder.path("out/web/a small"))
            try folder.write("out/web/a small", text: "other")
            _ = try restore(made, folder.path("out"))
        }
    }

    @Test("names of one inode with different contents are two files, each with its own bytes")
    func falseLinks() throws {
        let folder = try TemporaryFolder("hostile")
        let made = try Self.forge { store in
            try (0..<4).map { number in
                let bytes = noise(100, seed: UInt64(number / 2))
                let content = Content(
                    length: 100, depth: 0, items: [.init(id: try store(.content, bytes), covered: 100)])
                var item = Self.file("f\(number)", content, digest: sha256(bytes))
                (item.entry.links, item.entry.inode) = (4, 77)
                return item
            }
        }
        let outcome = try restore(made, folder.path("out"))
        #expect(outcome.files == 2 && outcome.links == 2)
        for number in 0..<4 {
            let bytes = try FileTree.read(folder.path("out/web/f\(number)"), limit: 1000)
            #expect(bytes == noise(100, seed: UInt64(number / 2)))
        }
    }

    @Test("a name that no file system takes is refused for that item alone")
    func longName() throws {
        let folder = try TemporaryFolder("hostile")
        let made = try Self.forge { store in
            let bytes: [UInt8] = [1]
            let content = Content(length: 1, depth: 0, items: [.init(id: try store(.content, bytes), covered: 1)])
            return [
                Self.file("a", content, digest: sha256(bytes)),
                Self.file(String(repeating: "b", count: 300), content, digest: sha256(bytes)),
            ]
        }
        let outcome = try restore(made, folder.path("out"))
        #expect(outcome.files == 1 && outcome.missing.count == 1)
    }
}
