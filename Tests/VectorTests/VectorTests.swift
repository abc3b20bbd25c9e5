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
import Upkeep

@Suite("The stored repository", .serialized)
struct VectorTests {
    /// Where the vectors are missing they are made. They are never made anew: what they are for is to be old.
    private static func prepare() throws {
        if (try? FileStatus(of: Array(VectorFolder.repository.utf8), following: false)) != nil { return }
        try FileTree.makeDirectories(Array(VectorFolder.repository.utf8))
        let made = try VectorWriting.write(to: LocalStore(path: Array(VectorFolder.repository.utf8)))
        let expected = JSONWriter.bytes(VectorWriting.expected(made), indented: true) + [0x0a]
        try FileTree.write(expected, to: Array(VectorFolder.expected.utf8), mode: 0o644)
        let damages = JSONWriter.bytes(try VectorWriting.damages(made), indented: true) + [0x0a]
        try FileTree.write(damages, to: Array(VectorFolder.damages.utf8), mode: 0o644)
    }

    /// Everything that a snapshot gives, as `expected.json` writes it; what cannot be read is in `missing`.
    static func items(_ repository: Repository, tag: String) throws -> (items: [String: JSONValue], missing: [String]) {
        guard let record = try repository.records(problem: { _, _ in }).first(where: { $0.tags.contains(tag) }) else {
            throw Failure(.damaged, "no record with the tag \(tag)")
        }
        let index = try repository.loadIndex()
        var found: [String: JSONValue] = [:]
        var missing: [String] = []
        for source in record.sources {
            let tree = try SnapshotTree(repository, index: index, record: record, source: source.name)
            _ = try tree.manifest()
            var waiting: [(path: [[UInt8]], entry: Entry)] = [([], try tree.entry(at: []).entry)]
            while let (path, entry) = waiting.popLast() {
                let label = ([source.name] + path.map { printable($0) }).joined(separator: "/")
                do {
                    var node = MadeTree.Node(entry)
                    if entry.kind == .directory {
                        waiting += try tree.children(of: path).map { (path + [$0.name], $0) }
                    }
                    // Each reading looks the path up: the many empty files are told by their digest.
                    if entry.kind == .file, entry.size > 0 { try tree.read(path) { node.bytes.append($0) } }
                    #expect(entry.kind != .file || sha256(node.bytes) == entry.digest)
                    found[label] = VectorTree.expected(node, label)[0].value
                } catch {
                    #expect(Failure(error).kind == .damaged)
                    missing.append(label)
                }
            }
        }
        return (found, missing)
    }

    static func expected(_ tag: String) throws -> [String: JSONValue] {
        let members = try VectorFolder.json(VectorFolder.expected)[tag]?.members ?? []
        return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    }

    @Test("gives back what it was made of, by its password and by its recovery key", arguments: ["first", "second"])
    func content(tag: String) throws {
        try Self.prepare()
        let expected = try Self.expected(tag)
        #expect(expected.count > 310)
        let store = try VectorFolder.store()
        let text = try VectorFolder.json(VectorFolder.expected)["recoveryKey"]?.text ?? ""
        let key = try #require(RecoveryKey(text))
        let credential = Credential.recoveryKey(key)
        for repository in [try TestRepository.open(store), try Repository.open(store, credential: credential)] {
            let (items, missing) = try Self.items(repository, tag: tag)
            #expect(missing == [] && items == expected)
        }
    }

    @Test("restores to a folder, and is healthy")
    func restore() throws {
        try Self.prepare()
        let repository = try TestRepository.open(try VectorFolder.store())
        #expect(try CheckRun(repository, readsData: true).run().damages == [])
        let folder = try TemporaryFolder("vectors")
        let outcome = try VectorRestore.restore(repository, tag: "second", to: folder.path("out"))
        #expect(outcome.missing == [] && outcome.links == 1)
        for (path, value) in try Self.expected("second") where value["kind"]?.text == "file" {
            let bytes = try FileTree.read(folder.path("out/" + path), limit: 8 << 20)
            #expect(Hexadecimal.string(sha256(bytes)) == value["sha256"]?.text, "\(path)")
        }
    }

    @Test("takes at most 64 KiB, and holds what it is there for")
    func shape() throws {
        try Self.prepare()
        let store = try VectorFolder.store()
        var bytes: UInt64 = 0
        try store.list("") { bytes += $0.length }
        #expect(bytes <= 64 << 10, "\(bytes)")
        let repository = try TestRepository.open(store)
        let index = try repository.loadIndex()
        let reader = ChunkReader(repository, index: index)
        let record = try #require(try repository.records().last)
        let root = try TreeCursor(record.root, reader: reader)
        let web = try #require(try root.advance(to: Array("web".utf8)))
        let cursor = try TreeCursor(web.content ?? .empty, reader: reader)
        let many = try #require(try cursor.advance(to: Array("many".utf8)))
        #expect((many.content?.items.count ?? 0) > 1, "a directory of several pages")
        let several = try #require(try cursor.advance(to: Array("several chunks".utf8)))
        #expect((several.content?.items.count ?? 0) > 1, "a file of several chunks")
    }

    @Test("damaged as described, check names the object, and what comes back is right")
    func damages() throws {
        try Self.prepare()
        let expected = try Self.expected("second")
        let list = try #require(try VectorFolder.json(VectorFolder.damages).elements)
        #expect(list.count > 15)
        for damage in list {
            let label = damage["name"]?.text ?? "?"
            let name = try #require(ObjectName(damage["object"]?.text ?? ""))
            let store = try VectorFolder.store()
            let offset = Int(damage["offset"]?.real ?? 0)
            switch damage["change"]?.text {
            case "flip": store.damage(name) { $0[offset] ^= 0x20 }
            case "truncate": store.damage(name) { $0.removeLast($0.count - offset) }
            case "delete": try store.remove(name)
            default: Issue.record("\(label): an unknown change")
            }
            let repository = try VectorFolder.open(store)
            let outcome = try CheckRun(repository, readsData: true).run()
            if let named = damage["checkNames"]?.text {
                #expect(outcome.damages.contains { $0.object == named }, "\(label): \(outcome.damages)")
            } else {
                #expect(outcome.isHealthy, "\(label): \(outcome.damages)")
            }
            let found = try? Self.items(repository, tag: "second")
            for (path, value) in found?.items ?? [:] { #expect(expected[path] == value, "\(label): \(path)") }
            let comes = found.map { $0.missing.isEmpty && $0.items == expected } ?? false
            #expect(comes == damage["comesBackWhole"]?.flag || damage["comesBackWhole"]?.flag == false, "\(label)")
        }
    }
}
