import CThreadIdentity
import DataSources
import Entries
import Formats
import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Files come back as they were")
struct FilesRoundTripTests {
    @Test("as root, a tree of everything nasty comes back without any difference", .enabled(if: geteuid() == 0))
    func nastyTreeAsRoot() throws {
        let folder = try TemporaryFolder("files")
        let tree = try NastyTree(in: folder.bytes, privileged: true, flags: true)
        let recording = try RecordingSink.record(FilesAdapter(path: tree.root))
        #expect(recording.findings == [])
        let fidelity = try TreeCopy.write(recording, to: folder.path("copy"))
        #expect(fidelity == [])
        let differences = try CompareTrees.differences(tree.root, folder.path("copy"))
        #expect(differences == [])
    }

    @Test("on a file system in memory it comes back just the same", .enabled(if: geteuid() == 0))
    func nastyTreeInMemory() throws {
        let place = Array("/dev/shm/salvor-files-\(Host.processID)".utf8)
        try FileTree.makeDirectories(place)
        defer { try? FileTree.remove(place) }
        let folder = try TemporaryFolder("files")
        let tree = try NastyTree(in: folder.bytes, privileged: true, flags: false)
        let recording = try RecordingSink.record(FilesAdapter(path: tree.root))
        #expect(try TreeCopy.write(recording, to: place + Array("/copy".utf8)) == [])
        // Holes follow the other file system's pages; all else is equal.
        let differences = try CompareTrees.differences(tree.root, place + Array("/copy".utf8), ["--ignore-flags"])
        #expect(differences.filter { !$0.contains("hole map") } == [])
    }

    @Test("an ordinary user gets back all that he may set, and is told the rest", .enabled(if: geteuid() == 0))
    func nastyTreeAsOrdinaryUser() throws {
        let folder = try TemporaryFolder("files")
        unsafe chmod(folder.path, 0o755)
        for name in ["mine", "copies"] { try FileTree.makeDirectories(folder.path(name)) }
        for name in ["mine", "copies"] { unsafe chown("\(folder.path)/\(name)", 65534, 65534) }
        let foreign = try NastyTree(in: folder.bytes, privileged: true, flags: true)
        let foreignRecording = try RecordingSink.record(FilesAdapter(path: foreign.root))
        try asOrdinaryUser {
            let tree = try NastyTree(in: folder.path("mine"), privileged: false, flags: true)
            let recording = try RecordingSink.record(FilesAdapter(path: tree.root))
            #expect(recording.findings == [])
            let fidelity = try TreeCopy.write(recording, to: folder.path("copies/mine"))
            #expect(fidelity == [])
            let findings = try TreeCopy.write(foreignRecording, to: folder.path("copies/foreign"))
            let missing = Set(findings.filter { $0.weight == .missing }.map(\.object))
            #expect(missing == ["special/null", "special/block"])
            let notices = findings.filter { $0.weight == .notice }.map(\.sentence)
            for told in ["the owner", "the group", "set-id bits", "security.capability", "trusted.root", "inode flags"]
            {
                #expect(notices.contains { $0.contains(told) }, "\(told) is not told")
            }
        }
        let own = try CompareTrees.differences(folder.path("mine/tree"), folder.path("copies/mine"))
        #expect(own == [])
        let differences = try CompareTrees.differences(
            foreign.root, folder.path("copies/foreign"), ["--ignore-owner", "--ignore-flags"])
        let unexpected = differences.filter { line in
            !["special/null", "special/block"].contains { line.hasPrefix($0) } && !line.contains("trusted.")
                && !line.contains("security.capability") && !line.contains("mode differs")
        }
        #expect(unexpected == [])
        for name in ["modes/4755", "modes/6711", "owners/1"] {
            let given = try FileStatus(of: folder.path("copies/foreign/\(name)"), following: false).permissions
            #expect(given & 0o6000 == 0, "\(name) would run with the rights of another owner than it had")
        }
    }

    @Test("a second capture takes everything unchanged over, and opens none of it")
    func unchangedIsTakenOver() throws {
        let folder = try TemporaryFolder("files")
        for name in ["a", "b/c", "b/d"] { try folder.write("tree/\(name)", text: name) }
        try Directory(folder.path("tree")).makeSymlink(Array("l".utf8), to: [1])
        let adapter = FilesAdapter(path: folder.path("tree"))
        let first = try RecordingSink.record(adapter)
        let second = try RecordingSink.record(adapter, parent: first.sink)
        #expect(second.sink.takenOver.count == 4)
        try folder.write("tree/b/c", text: "changed")
        let third = try RecordingSink.record(adapter, parent: second.sink)
        #expect(third.sink.takenOver.count == 3)
        #expect(third.bytes("b/c") == Array("changed".utf8))
    }

    @Test("a source may be a single file, and even a symlink to one")
    func singleFile() throws {
        let folder = try TemporaryFolder("files")
        let path = try folder.write("tree/one.txt", text: "alone")
        try Directory(folder.path("tree")).makeSymlink(Array("link".utf8), to: path)
        for name in ["one.txt", "link"] {
            let recording = try RecordingSink.record(FilesAdapter(path: folder.path("tree/\(name)")))
            #expect(recording.sink.root?.entry.kind == .file)
            #expect(recording.sink.root?.entry.name == Array(name.utf8))
            #expect(recording.bytes("") == Array("alone".utf8))
            #expect(recording.outcome.manifest["files"]?.whole == 1)
        }
    }

    @Test("the manifest counts what the walk saw")
    func manifest() throws {
        let folder = try TemporaryFolder("files")
        try folder.write("tree/a/b", text: "12345")
        try folder.write("tree/c", text: "678")
        let top = try Directory(folder.path("tree"))
        try top.makeSymlink(Array("l".utf8), to: [1])
        try top.makeNode(Array("p".utf8), mode: 0o010600, device: 0)
        let recording = try RecordingSink.record(FilesAdapter(path: folder.path("tree/")))
        let manifest = try recording.manifest()
        #expect(manifest == ["files": 2, "directories": 2, "symlinks": 1, "other": 1, "bytes": 8])
    }

    /// Runs `body` on a thread that is uid and gid 65534.
    private func asOrdinaryUser(_ body: @escaping @Sendable () throws -> Void) throws {
        try ThreadScope.run { scope in
            scope.start("ordinary-user", stackBytes: 4 << 20) {
                guard become_on_this_thread(65534, 65534) == 0 else {
                    throw Failure.system("become", "an ordinary user")
                }
                try body()
            }
        }
    }
}
