import DataSources
import Entries
import Formats
import Glibc
import Platform
import Sealing
import TestDoubles
import Testing

/// A recorded tree whose files carry their SHA-256, as they do in a snapshot.
private struct DigestedTree: CapturedTree {
    let recording: Recording

    func manifest() throws -> JSONValue { try recording.manifest() }

    func children(of path: [[UInt8]]) throws -> [Entry] {
        try recording.children(of: path).map { entry in
            var entry = entry
            if entry.kind == .file {
                let bytes = recording.sink.node(path + [entry.name])?.bytes ?? []
                entry.digest = Digest.sha256(bytes.span)
            }
            return entry
        }
    }

    func read(_ path: [[UInt8]], isProvedLater: Bool, _ body: (Span<UInt8>) throws -> Void) throws {
        try recording.read(path, isProvedLater: isProvedLater, body)
    }
}

@Suite("A restored tree is compared with its snapshot, byte for byte")
struct FilesComparisonTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("comparison")
        for name in ["a", "dir/b", "dir/sub/c", "z"] { try folder.write("tree/\(name)", text: "content of \(name)") }
        try Directory(folder.path("tree")).makeSymlink(Array("link".utf8), to: Array("a".utf8))
    }

    /// Captures the tree, changes it, and compares; a change of a directory's own time is put back.
    private func differences(after change: () throws -> Void = {}) throws -> FileDifferences {
        let tree = DigestedTree(recording: try RecordingSink.record(FilesAdapter(path: folder.path("tree"))))
        let paths = ["tree", "tree/dir", "tree/dir/sub"].map { folder.path($0) }
        let times = try paths.map { try FileStatus(of: $0, following: false).modified }
        try change()
        for (path, time) in zip(paths, times) {
            guard let directory = try? Directory(path) else { continue }
            try FileMetadata.setModified(time, of: directory.number)
        }
        return try FilesComparison(of: tree, with: folder.path("tree")).run()
    }

    private func rewrite(_ name: String, _ text: String, keepingTime: Bool = true) throws {
        let file = try FileDescriptor(opening: folder.path("tree/\(name)"), O_RDWR)
        let time = try file.status().modified
        try file.write(Array(text.utf8).span, at: 0)
        try FileMetadata.setModified(keepingTime ? time : Instant(seconds: 1), of: file.number)
    }

    @Test("an equal tree has no differences, and says how much was compared")
    func equal() throws {
        let outcome = try differences()
        #expect(outcome.total == 0)
        #expect(outcome.compared == 7)
        #expect(outcome.bytes == UInt64("content of acontent of dir/bcontent of dir/sub/ccontent of z".utf8.count))
    }

    @Test("one changed byte under an unchanged time is found")
    func changedByte() throws {
        let outcome = try differences { try rewrite("dir/sub/c", "K") }
        #expect(outcome.differences.map(\.path) == ["dir/sub/c"])
        #expect(outcome.differences.first?.reason == "has other bytes than the snapshot")
    }

    @Test("a missing file, an additional one, another mode, time, size, target and kind are each named")
    func everyKind() throws {
        let outcome = try differences {
            let top = try Directory(folder.path("tree"))
            try top.remove(Array("z".utf8))
            try folder.write("tree/dir/new", text: "x")
            try rewrite("a", "content", keepingTime: false)
            try folder.write("tree/dir/b", text: "shorter")
            try top.remove(Array("link".utf8))
            try top.makeSymlink(Array("link".utf8), to: Array("z".utf8))
            try FileTree.remove(folder.path("tree/dir/sub/c"))
            try Directory(folder.path("tree/dir/sub")).makeDirectory(Array("c".utf8))
            unsafe chmod("\(folder.path)/tree/dir/sub", 0o711)
        }
        let found = Dictionary(uniqueKeysWithValues: outcome.differences.map { ($0.path, $0.reason) })
        #expect(found["z"] == "is missing")
        #expect(found["dir/new"] == "is not in the snapshot")
        #expect(found["a"] == "has another modification time")
        #expect(found["dir/b"] == "has 7 bytes instead of 16")
        #expect(found["link"] == "leads to another target than a")
        #expect(found["dir/sub/c"] == "is a directory instead of a file")
        #expect(found["dir/sub"]?.hasPrefix("has the mode 711") == true)
        #expect(outcome.total == 7)
    }

    @Test("of very many differences a hundred are kept, and all are counted")
    func many() throws {
        let outcome = try differences { for number in 0..<250 { try folder.write("tree/dir/x\(number)", text: "") } }
        #expect(outcome.total == 250)
        #expect(outcome.differences.count == 100)
    }

    @Test("a source that is one file is compared as one, and a tree that is gone differs")
    func roots() throws {
        let recording = try RecordingSink.record(FilesAdapter(path: folder.path("tree/a")))
        var entry = try #require(recording.sink.root?.entry)
        entry.digest = Digest.sha256(Array("content of a".utf8).span)
        let comparison = FilesComparison(
            of: DigestedTree(recording: recording), entry: entry, with: folder.path("tree/a"))
        #expect(try comparison.run().total == 0)
        try rewrite("a", "K")
        #expect(try comparison.run().total == 1)
        let gone = try differences { try FileTree.remove(folder.path("tree")) }
        #expect(gone.total == 1)
    }
}
