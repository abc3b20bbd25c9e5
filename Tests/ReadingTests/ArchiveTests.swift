import DataSources
import Entries
import Glibc
import Platform
import Reading
import Repositories
import TestDoubles
import TestRepositories
import Testing

@Suite("A tar archive of a snapshot")
struct ArchiveTests {
    @Test("as root, a tree of everything nasty comes back by tar as it was, but for sockets and inode flags")
    func nasty() throws {
        try #require(geteuid() == 0, "devices and owners need root")
        let folder = try TemporaryFolder("archive")
        let tree = try NastyTree(in: folder.bytes, privileged: true, flags: true, deep: false)
        let saved = try SavedTrees()
        let record = try saved.save(FilesAdapter(path: tree.root))
        let archive = try ArchiveFile(SnapshotItem(record), saved.reader())
        #expect(archive.outcome.unread == Unread() && archive.outcome.flagged > 10)
        #expect(archive.outcome.notices.map(\.object) == ["\(record.shortIdentifier):web/special/socket"])
        let (code, said) = try archive.extract()
        #expect(code == 0, "\(said)")
        for line in said.split(separator: "\n") { #expect(line.contains("time stamp"), "\(line)") }
        let differences = try archive.differences(tree.root, "web", ["--ignore-flags"])
        #expect(differences == ["special/socket: is only in the first tree"])
        #expect(archive.outcome.bytes == UInt64(try archive.bytes().count))
    }

    @Test("is the same, byte by byte, each time", arguments: [false, true])
    func deterministic(linksForgotten: Bool) throws {
        let folder = try TemporaryFolder("archive")
        let tree = try NastyTree(in: folder.bytes, privileged: geteuid() == 0, flags: false)
        let saved = try SavedTrees()
        let record = try saved.save(FilesAdapter(path: tree.root))
        let limit = linksForgotten ? 0 : 32 << 20
        let first = try ArchiveFile(SnapshotItem(record), saved.reader(), linkBytes: limit).bytes()
        let second = try ArchiveFile(SnapshotItem(record), saved.reader(), linkBytes: limit).bytes()
        let isSame = first == second
        #expect(isSame && first.suffix(1024).allSatisfy { $0 == 0 } && first.count % 512 == 0)
    }

    @Test("in random trees tar gives back what was saved", arguments: UInt64(1)...20)
    func random(seed: UInt64) throws {
        try #require(geteuid() == 0, "devices and owners need root")
        let saved = try SavedTrees()
        let tree = RandomTree(seed: seed).directory()
        let record = try saved.save(tree)
        let archive = try ArchiveFile(SnapshotItem(record), saved.reader())
        let (code, said) = try archive.extract()
        #expect(code == 0, "\(said)")
        var options = ComparisonOptions()
        (options.comparesMetadata, options.readsAttributes) = (true, true)
        var wrong: [String] = []
        let item = try saved.item(record, "web")
        _ = try TreeComparison(
            .snapshot(item, reader: saved.reader(), prefix: []),
            with: .disk(archive.folder.path("out/web"), prefix: []),
            prefix: [], options: options
        ) { difference in
            if difference.change == .removed, difference.old?.kind == .socket { return }
            // Names of owners that this system does not know, and flags, are not in a file system.
            let properties = difference.properties.filter { ![.userName, .groupName, .inodeFlags].contains($0) }
            let isNamed = !(difference.old?.userName.isEmpty ?? true) || !(difference.old?.groupName.isEmpty ?? true)
            if properties.isEmpty && difference.change == .metadata { return }
            if isNamed, Set(properties).isSubset(of: [.user, .group]) { return }
            wrong.append("\(difference.change) \(String(decoding: difference.path, as: UTF8.self)) \(properties)")
        }.run()
        #expect(wrong == [])
    }

    @Test("holes take no room, and stay holes")
    func sparse() throws {
        let folder = try TemporaryFolder("archive")
        try folder.write("in/sparse", [])
        let file = try FileDescriptor(opening: folder.path("in/sparse"), O_RDWR)
        try file.truncate(to: (100 << 20) + 5)
        try file.write(noise(10_000, seed: 1).span, at: 60 << 20)
        try folder.write("in/hole", [])
        try FileDescriptor(opening: folder.path("in/hole"), O_RDWR).truncate(to: 10 << 20)
        let saved = try SavedTrees()
        let record = try saved.save(FilesAdapter(path: folder.path("in")))
        let archive = try ArchiveFile(SnapshotItem(record), saved.reader())
        #expect(archive.outcome.bytes < 64 << 10 && archive.outcome.unread == Unread())
        #expect(try archive.extract().code == 0)
        #expect(try archive.differences(folder.path("in"), "web", ["--ignore-flags"]) == [])
    }

    @Test("members are called by the paths that ls shows: of a directory, and of a single file")
    func items() throws {
        let saved = try SavedTrees()
        let record = try saved.save(
            .directory(["a": .directory(["b": .file([1]), "c": .directory()]), "d": .file([])]))
        for (path, names) in [
            ("", "web/\nweb/a/\nweb/a/b\nweb/a/c/\nweb/d\n"), ("web/a", "web/a/\nweb/a/b\nweb/a/c/\n"),
            ("web/a/b", "web/a/b\n"),
        ] {
            let archive = try ArchiveFile(saved.item(record, path), saved.reader())
            #expect(try ArchiveFile.tar(["-tf", archive.path]).said == names)
            #expect(archive.outcome.members == names.split(separator: "\n").count)
        }
    }

    @Test("a tree far deeper than a path may be is all in it, and so is a directory of very many names")
    func deepAndWide() throws {
        let folder = try TemporaryFolder("archive")
        try DiskTree.makeDeep(3000, in: folder.path("in/deep"))
        try FileTree.makeDirectories(folder.path("in/wide"))
        let wide = try Directory(folder.path("in/wide"))
        for number in 0..<20_000 { try wide.makeSymlink(Array("n\(number)".utf8), to: [0x78]) }
        let saved = try SavedTrees()
        let record = try saved.save(FilesAdapter(path: folder.path("in")))
        let archive = try ArchiveFile(SnapshotItem(record), saved.reader())
        let (code, said) = try ArchiveFile.tar(["-tf", archive.path])
        let names = said.split(separator: "\n")
        #expect(code == 0 && names.count == archive.outcome.members && names.count == 1 + 3001 + 30 + 1 + 20_000)
        let bottom = "web/deep/" + String(repeating: "d/", count: 3000)
        #expect(names.contains { $0 == bottom })
        #expect(names.contains { $0 == "web/deep/" + String(repeating: "d/", count: 2900) + "file" })
    }

    @Test("hard links beyond what is remembered become files of their own, with the same bytes")
    func links() throws {
        let folder = try TemporaryFolder("archive")
        for number in 0..<40 { try folder.write("in/a\(number)", text: "content \(number)") }
        let directory = try Directory(folder.path("in"))
        for number in 0..<40 {
            for letter in ["b", "c"] {
                try directory.link(Array("\(letter)\(number)".utf8), to: Array("a\(number)".utf8), in: directory)
            }
        }
        let saved = try SavedTrees()
        let record = try saved.save(FilesAdapter(path: folder.path("in")))
        func linked(_ limit: Int) throws -> (count: Int, archive: ArchiveFile) {
            let archive = try ArchiveFile(SnapshotItem(record), saved.reader(), linkBytes: limit)
            let listed = try ArchiveFile.tar(["-tvf", archive.path]).said
            return (listed.split(separator: "\n").filter { $0.hasPrefix("h") }.count, archive)
        }
        let all = try linked(32 << 20)
        #expect(try all.count == 80 && all.archive.extract().code == 0)
        #expect(try all.archive.differences(folder.path("in"), "web", ["--ignore-flags"]) == [])
        // Room for ten groups at a time.
        let some = try linked(10 * (128 + 7))
        #expect(some.count > 0 && some.count < 80)
        #expect(try some.archive.extract().code == 0)
        let differences = try some.archive.differences(folder.path("in"), "web", ["--ignore-flags"])
        #expect(!differences.isEmpty && differences.allSatisfy { $0.contains("hard-link group") })
        #expect(try linked(0).count == 0)
    }

    @Test("names of one inode with different contents are no links of each other")
    func falseLinks() throws {
        let saved = try SavedTrees()
        var nodes: [String: MadeTree.Node] = [:]
        for number in 0..<4 {
            var node = MadeTree.Node.file([UInt8(number / 2)], inode: 77)
            node.entry.links = 4
            nodes["f\(number)"] = node
        }
        let archive = try ArchiveFile(SnapshotItem(saved.save(.directory(nodes))), saved.reader())
        #expect(try archive.extract().code == 0)
        for number in 0..<4 {
            #expect(try FileTree.read(archive.folder.path("out/web/f\(number)"), limit: 9) == [UInt8(number / 2)])
        }
    }
}
