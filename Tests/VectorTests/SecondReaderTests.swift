import Backups
import DataSources
import Formats
import Platform
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing

@Suite("The second reader, in Python, written from the article alone")
struct SecondReaderTests {
    private func read(_ repository: String, _ words: [String]) throws -> String {
        let script = VectorFolder.path + "/reader/read_repository.py"
        let outcome = try ChildProcess.run(
            ["/usr/bin/python3", "-B", script, repository, "--password", TestRepository.password] + words,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], directory: "/")
        let errors = String(decoding: outcome.errors, as: UTF8.self)
        guard outcome.ending.code == 0 else { throw Failure(.failed, "the reader failed", cause: errors) }
        return String(decoding: outcome.output, as: UTF8.self) + errors
    }

    @Test(
        "restores the stored repository to the same bytes, names, times, links and holes as salvor",
        arguments: ["first", "second"])
    func vectors(tag: String) throws {
        let folder = try TemporaryFolder("second-reader")
        let repository = try TestRepository.open(try VectorFolder.store())
        _ = try VectorRestore.restore(repository, tag: tag, to: folder.path("swift"))
        let record = try #require(try repository.records().first { $0.tags.contains(tag) })
        _ = try read(VectorFolder.repository, ["restore", record.identifier, folder.path + "/python"])
        for source in ["web", "note"] where source == "web" {
            let ours = try FolderFacts(folder.path("swift/" + source))
            #expect(try ours.differences(from: FolderFacts(folder.path("python/" + source))) == [])
            #expect(ours.items.count > 300)
        }
        #expect(
            try FileTree.read(folder.path("swift/note"), limit: 100)
                == FileTree.read(folder.path("python/note"), limit: 100))
    }

    @Test("restores what is written today: a repository as the vectors are, and one of real files")
    func today() throws {
        let folder = try TemporaryFolder("second-reader")
        try FileTree.makeDirectories(folder.path("made"))
        let made = try VectorWriting.write(to: LocalStore(path: folder.path("made")))
        let expected = try VectorTests.expected("second")
        #expect(try VectorTests.items(made.repository, tag: "second").items == expected)
        _ = try read(folder.path + "/made", ["restore", "latest", folder.path + "/made-out"])
        for (path, value) in expected where value["kind"]?.text == "file" {
            let bytes = try FileTree.read(folder.path("made-out/" + path), limit: 8 << 20)
            #expect(Hexadecimal.string(sha256(bytes)) == value["sha256"]?.text, "\(path)")
        }
        try realFiles(folder)
    }

    private func realFiles(_ folder: TemporaryFolder) throws {
        try folder.write("in/hello", text: "hello")
        try folder.write("in/large", noise(3 << 20, seed: 5))
        for number in 0..<400 { try folder.write("in/many/\(number)", text: "\(number % 7)") }
        let root = try Directory(folder.path("in"))
        try root.makeSymlink(Array("link".utf8), to: [0xff, 0xfe])
        try root.link(Array("hello too".utf8), to: Array("hello".utf8), in: root)
        try root.rename(Array("hello too".utf8), to: [0x68, 0xc3, 0x28])
        try FileTree.makeDirectories(folder.path("store"))
        let made = try TestRepository(
            in: LocalStore(path: folder.path("store")), seed: 8,
            clock: ManualClock(seconds: SystemClock().now().seconds + 3600))
        let plan = BackupPlan(
            sources: [BackupPlan.Source(name: "web", adapter: FilesAdapter(path: folder.path("in")))], system: "shop",
            host: "h", user: "u", tags: [], tool: "salvor test")
        _ = try BackupRun(made.repository, plan: plan, clock: made.clock).run()
        _ = try read(folder.path + "/store", ["restore", "latest", folder.path + "/out"])
        let facts = try FolderFacts(folder.path("out/web"))
        #expect(try facts.differences(from: FolderFacts(folder.path("in"))) == [])
        #expect(try read(folder.path + "/store", ["audit"]).contains("objects are whole"))
    }
}
