import DataSources
import Entries
import Platform
import Reading
import Repositories
import TestDoubles
import TestRepositories
import Testing

@Suite("A tar archive of a damaged snapshot")
struct ArchiveDamageTests {
    /// A tree with small files, a large one, and an inode of two names.
    private func prepared() throws -> (saved: SavedTrees, record: SnapshotRecord, large: [UInt8]) {
        let large = noise(12 << 20, seed: 3)
        // Files of different owners lie in different frames.
        func file(_ bytes: [UInt8], _ user: UInt32) -> MadeTree.Node {
            var node = MadeTree.Node.file(bytes)
            node.entry.user = user
            return node
        }
        var linked = MadeTree.Node.file(noise(300_000, seed: 4), inode: 9)
        linked.entry.links = 2
        let saved = try SavedTrees()
        let record = try saved.save(
            .directory([
                "a": file(noise(200_000, seed: 1), 1), "b": file(noise(200_000, seed: 2), 1), "large": file(large, 2),
                "link": linked, "link2": linked, "z": .directory(["last": file(Array("last".utf8), 3)]),
            ]))
        return (saved, record, large)
    }

    private func chunks(_ path: String, _ saved: SavedTrees, _ record: SnapshotRecord) throws -> [(
        id: ChunkID, length: Int
    )] {
        var found: [(id: ChunkID, length: Int)] = []
        let content = try saved.item(record, path).entry?.content
        try saved.reader().walk(content ?? .empty) { found.append(($0, $1)) }
        return found
    }

    /// Tar must complain about the archive, and unpack all the same what is whole.
    private func expectBroken(_ archive: ArchiveFile, naming names: [String]) throws {
        for words in [["-tf", archive.path], ["-xf", archive.path, "-C", archive.folder.path + "/out"]] {
            try FileTree.makeDirectories(archive.folder.path("out"))
            let (code, said) = try ArchiveFile.tar(words)
            #expect(code == 2 && said.contains("Unexpected EOF"), "\(said)")
        }
        let told = try FileTree.read(archive.folder.path("out/SALVOR-DAMAGED.txt"), limit: 1 << 20)
        let text = String(decoding: told, as: UTF8.self)
        for name in names { #expect(text.contains(name), "\(text)") }
        #expect(try FileTree.read(archive.folder.path("out/web/z/last"), limit: 9) == Array("last".utf8))
    }

    private func unpacked(_ name: String, _ archive: ArchiveFile) -> [UInt8]? {
        try? FileTree.read(archive.folder.path("out/web/\(name)"), limit: 64 << 20)
    }

    @Test("a file of one chunk is left out, and so is each of its names; all else is there")
    func leftOut() throws {
        let (saved, record, large) = try prepared()
        try saved.damage(chunks("web/link", saved, record)[0].id)
        let archive = try ArchiveFile(SnapshotItem(record), saved.reader())
        let names = ["link", "link2"].map { "\(record.shortIdentifier):web/\($0)" }
        #expect(archive.outcome.unread.findings.map(\.object) == names && archive.outcome.unread.damaged == 2)
        try expectBroken(archive, naming: names)
        #expect(unpacked("link", archive) == nil && unpacked("link2", archive) == nil)
        #expect(unpacked("large", archive) == large && unpacked("a", archive) == noise(200_000, seed: 1))
    }

    @Test("a larger file has zeros where it cannot be read, and its other bytes at their places")
    func zeros() throws {
        let (saved, record, large) = try prepared()
        let all = try chunks("web/large", saved, record)
        #expect(all.count > 4)
        try saved.damage(all[2].id)
        let archive = try ArchiveFile(SnapshotItem(record), saved.reader())
        let name = "\(record.shortIdentifier):web/large"
        #expect(archive.outcome.unread.findings.map(\.object) == [name])
        try expectBroken(archive, naming: [name])
        let start = all[0].length + all[1].length
        var right = large
        for place in start..<(start + all[2].length) { right[place] = 0 }
        #expect(unpacked("large", archive) == right && unpacked("link2", archive) == noise(300_000, seed: 4))
    }

    @Test("a directory that cannot be read is named, and what lies beside it is there")
    func directory() throws {
        let (saved, record, _) = try prepared()
        let folder = try saved.item(record, "web/z").entry?.content
        // The same tree with a directory whose page nobody has.
        var item = try saved.item(record, "web/z")
        item.entry?.content = Content(
            length: folder?.length ?? 0, depth: 0,
            items: [.init(id: ChunkID(high: 1, low: 1), covered: folder?.length ?? 0)])
        let archive = try ArchiveFile(item, saved.reader())
        #expect(archive.outcome.unread.damaged == 1 && archive.outcome.members == 1)
        let (code, said) = try ArchiveFile.tar(["-tf", archive.path])
        #expect(code == 2 && said.hasPrefix("web/z/\nSALVOR-DAMAGED.txt\n"), "\(said)")
    }

    @Test("lies about lengths and digests are damage of that file, and never an endless archive")
    func lies() throws {
        let saved = try SavedTrees()
        let record = try saved.save(.directory(["f": .file(noise(1000, seed: 1))]))
        let id = try chunks("web/f", saved, record)[0].id
        let honest = Content.Item(id: id, covered: 1000)
        let absent = Content.Item(id: ChunkID(high: 1, low: 1), covered: 5)
        for (content, bytes, isLeftOut) in [
            (Content(length: .max, depth: 0, items: [.init(id: id, covered: .max)]), UInt64.max, true),
            (Content(length: 1001, depth: 0, items: [.init(id: id, covered: 1001)]), 1001, true),
            (Content(length: 1000, depth: 4, items: [honest]), 1000, true),
            (Content(length: 5, depth: 0, items: [absent]), 5, true),
            (Content(length: 1000, depth: 0, items: [honest]), 1000, false),
            (Content(length: 1005, depth: 0, items: [honest, absent]), 1005, false),
        ] {
            var item = try saved.item(record, "web/f")
            item.entry?.content = content
            item.entry?.entry.size = bytes
            if content.items == [honest] { item.entry?.entry.digest = [UInt8](repeating: 0, count: 32) }
            let archive = try ArchiveFile(item, saved.reader())
            #expect(archive.outcome.unread.damaged == 1 && archive.outcome.members == 0, "\(content)")
            #expect(try ArchiveFile.tar(["-tf", archive.path]).code == 2)
            #expect(try ArchiveFile.tar(["-tf", archive.path]).said.contains("web/f") == !isLeftOut)
        }
    }

    @Test("a hole where there are bytes is damage: the bytes are not in the archive")
    func falseHoles() throws {
        let saved = try SavedTrees()
        var file = MadeTree.Node.file([UInt8](repeating: 0, count: 4096) + noise(4096, seed: 1))
        file.entry.holes = [Entry.Hole(offset: 0, length: 4096)]
        let honest = try ArchiveFile(SnapshotItem(saved.save(.directory(["f": file]))), saved.reader())
        #expect(honest.outcome.unread == Unread())
        file.entry.holes = [Entry.Hole(offset: 4096, length: 512)]
        file.entry.changed = Instant(seconds: 2000)
        let archive = try ArchiveFile(SnapshotItem(saved.save(.directory(["f": file]))), saved.reader())
        #expect(archive.outcome.unread.findings.map(\.sentence) == ["is not what was saved: its SHA-256 differs"])
        #expect(try ArchiveFile.tar(["-tf", archive.path]).code == 2)
    }

    @Test("an archive that stops anywhere is taken for whole by no tar", arguments: [1, 2, 3, 5, 8, 10, 12])
    func stopped(after: Int) throws {
        let (saved, record, _) = try prepared()
        let folder = try TemporaryFolder("archive")
        let directory = try Directory(folder.bytes)
        let file = try NewFile(in: directory)
        let run = ArchiveRun(
            SnapshotItem(record), reader: try saved.reader(), cancellation: CancelledAfter(after)
        ) { try file.append($0) }
        let failure = #expect(throws: Failure.self) { try run.run() }
        #expect(failure?.kind == .interrupted)
        _ = try file.finish(as: Array("archive.tar".utf8), in: directory)
        #expect(try ArchiveFile.tar(["-tf", "\(folder.path)/archive.tar"]).code == 2)
    }

    @Test("a reader who goes away is told once, and nothing more is written")
    func brokenPipe() throws {
        let (saved, record, _) = try prepared()
        struct Gone: Error {}
        var calls = 0
        let run = ArchiveRun(SnapshotItem(record), reader: try saved.reader()) { _ in
            calls += 1
            if calls == 5 { throw Gone() }
        }
        #expect(throws: Gone.self) { try run.run() }
        #expect(calls == 5)
    }
}
