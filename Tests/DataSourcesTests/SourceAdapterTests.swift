import ConformanceSuites
import DataSources
import Formats
import Glibc
import Platform
import Synchronization
import TestDoubles
import Testing

@Suite("Source adapters")
struct SourceAdapterTests {
    @Test("a tree with everything that a backup may lose keeps the contract of a source")
    func nastyTree() throws {
        try SourceAdapterSuite {
            let folder = try TemporaryFolder("adapter")
            let tree = try NastyTree(in: folder.bytes, privileged: Host.userID == 0, flags: false)
            return Self.files(in: folder, at: tree.root, changing: ["names", "large"])
        }.run()
    }

    @Test(
        "a directory, an empty one, a file, a sparse one, a pipe and a symlink to a tree keep it too",
        arguments: Shape.allCases)
    func files(shape: Shape) throws {
        try SourceAdapterSuite {
            let folder = try TemporaryFolder("adapter")
            let path = try shape.make(in: folder)
            return Self.files(in: folder, at: path, changing: shape.content)
        }.run()
    }

    @Test("a PostgreSQL server with one of everything keeps it")
    func postgres() throws {
        let server = try ThrowawayPostgres()
        try server.psql(TortureDatabase.sql)
        try server.psql("CREATE DATABASE other; CREATE TABLE app.changing AS SELECT generate_series(1, 9999) AS id")
        let isAway = Mutex(false)
        try SourceAdapterSuite {
            if isAway.withLock({ $0 }) { try server.start() }
            isAway.withLock { $0 = false }
            let location = try server.location("postgres", more: " databases=postgres,other")
            var source = SourceUnderTest { PostgresAdapter(location) }
            source.lasting = Self.withoutCaptures
            source.change = .init(
                of: "postgres/tables/app.changing/part-0000.copy".split(separator: "/").map { Array($0.utf8) }
            ) {
                try server.psql("UPDATE app.changing SET id = id + 1")
            }
            source.takeAway = {
                server.stop()
                isAway.withLock { $0 = true }
            }
            source.lossKind = .unreachable
            let nowhere = try PostgresLocation("postgres:host=/nonexistent dbname=shop connect_timeout=2")
            source.absence = .init(PostgresAdapter(nowhere), .unreachable, words: "/nonexistent")
            source.makeAdapterWithSecret = { secret in
                PostgresAdapter(try PostgresLocation("postgres://somebody:\(secret)@localhost/shop"))
            }
            return source
        }.run()
    }

    @Test("every adapter of the catalogue has a name of its own, says how it is written, and is tried here")
    func catalogue() {
        let names = AdapterCatalog.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for adapter in AdapterCatalog.all {
            #expect(!adapter.summary.isEmpty)
            #expect(Self.tried.contains { $0 == adapter }, "\(adapter) is tried by none of these tests")
        }
    }

    /// The adapters that the tests above run the suite over.
    private static let tried: [any SourceAdapter.Type] = [
        FilesAdapter.self, PostgresAdapter.self,
        // It gives its bytes once, and the suite reads twice: StandardInputTests hold its promises.
        StandardInputAdapter.self,
    ]

    private static func files(
        in folder: TemporaryFolder, at path: [UInt8], changing content: [String]?
    ) -> SourceUnderTest {
        var source = SourceUnderTest { FilesAdapter(path: path) }
        source.offersEntries = true
        if let content {
            let place = ([path] + content.map { Array($0.utf8) }).joined(separator: [UInt8(ascii: "/")])
            source.change = .init(of: content.map { Array($0.utf8) }) {
                let file = try FileDescriptor(opening: FileTree.resolve(Array(place)), O_RDWR)
                let size = try file.status().size
                try file.write(SystemRandomness().bytes(8).span, at: size / 2)
            }
        }
        // The folder lives as long as its source.
        source.takeAway = { [folder] in try FileTree.remove(folder.bytes) }
        source.absence = .init(
            FilesAdapter(path: path + Array("-away".utf8)), .failed, words: printable(path) + "-away")
        return source
    }

    /// Each database's time and position belong to the capture.
    @Sendable private static func withoutCaptures(_ manifest: JSONValue) -> JSONValue {
        .object(
            (manifest.members ?? []).map { member in
                guard member.key == "databases" else { return member }
                let databases = (member.value.elements ?? []).map { database in
                    JSONValue.object((database.members ?? []).filter { $0.key != "capture" })
                }
                return .init(member.key, .array(databases))
            })
    }

    /// Sources of files, from the plain to the odd.
    enum Shape: String, CaseIterable, CustomTestStringConvertible {
        case directory, empty, file, emptyFile, sparse, pipe, linkedDirectory, linkedFile

        var testDescription: String { rawValue }

        /// The content that may be changed, by its path in the source; nil when there is none.
        var content: [String]? {
            switch self {
            case .directory, .linkedDirectory: ["dir", "b"]
            case .file, .sparse, .linkedFile: []
            case .empty, .emptyFile, .pipe: nil
            }
        }

        func make(in folder: TemporaryFolder) throws -> [UInt8] {
            let top = try Directory(folder.bytes)
            for name in ["a", "dir/b", "dir/sub/c", "z"] {
                try folder.write("tree/\(name)", text: "content of \(name)")
            }
            switch self {
            case .directory: return folder.path("tree")
            case .empty: try top.makeDirectory(Array("source".utf8))
            case .file: return folder.path("tree/dir/b")
            case .emptyFile: try folder.write("source", [])
            case .sparse:
                try folder.write("source", SeededRandomness(seed: 1).bytes(10_000))
                let file = try FileDescriptor(opening: folder.path("source"), O_RDWR)
                try file.write([1, 2, 3].span, at: 5 << 20)
                try file.truncate(to: 9 << 20)
            case .pipe: try top.makeNode(Array("source".utf8), mode: 0o010600, device: 0)
            case .linkedDirectory: try top.makeSymlink(Array("source".utf8), to: Array("tree".utf8))
            case .linkedFile: try top.makeSymlink(Array("source".utf8), to: Array("tree/a".utf8))
            }
            return folder.path("source")
        }
    }
}
