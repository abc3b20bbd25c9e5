import CThreadIdentity
import DataSources
import Entries
import Glibc
import Platform
import Reading
import Repositories
import TestDoubles
import TestRepositories
import Testing

@Suite("A comparison with a directory on disk")
struct DiskComparisonTests {
    /// What a comparison of an item with a path finds, one line a difference.
    private func lines(
        _ item: SnapshotItem, _ path: [UInt8], _ saved: SavedTrees, metadata: Bool = false, readsData: Bool = false
    ) throws -> (lines: [String], outcome: ComparisonOutcome) {
        var options = ComparisonOptions()
        options.comparesMetadata = metadata
        options.readsData = readsData
        options.readsAttributes = metadata
        var lines: [String] = []
        let outcome = try TreeComparison(
            .snapshot(item, reader: saved.reader(), prefix: item.path), with: .disk(path, prefix: item.path),
            prefix: item.path, options: options
        ) { lines.append($0.line) }.run()
        return (lines, outcome)
    }

    /// A folder with some of everything, saved.
    private func prepared() throws -> (folder: TemporaryFolder, saved: SavedTrees, item: SnapshotItem) {
        let folder = try TemporaryFolder("diff")
        for name in ["a", "b", "gone/x", "gone/y", "kept/z"] {
            try folder.write("in/\(name)", text: "content of \(name)")
        }
        try folder.write("in/large", noise(3 << 20, seed: 1))
        let root = try Directory(folder.path("in"))
        try root.makeSymlink(Array("link".utf8), to: Array("a".utf8))
        try root.makeNode(Array("fifo".utf8), mode: 0o010600, device: 0)
        let saved = try SavedTrees()
        let record = try saved.save(FilesAdapter(path: folder.path("in")))
        return (folder, saved, try saved.item(record, "web"))
    }

    @Test("finds nothing in an unchanged tree, and reads none of it unless told to; a copy is read")
    func unchanged() throws {
        let (folder, saved, item) = try prepared()
        let same = try lines(item, folder.path("in"), saved, metadata: true)
        #expect(same.lines == [] && same.outcome.bytesRead == 0 && same.outcome.unread == Unread())
        let read = try lines(item, folder.path("in"), saved, metadata: true, readsData: true)
        let bytes =
            UInt64(3 << 20) + UInt64(["a", "b", "gone/x", "gone/y", "kept/z"].reduce(0) { $0 + 11 + $1.utf8.count })
        #expect(read.lines == [] && read.outcome.bytesRead == bytes)
        #expect(
            try ChildProcess.run(
                ["cp", "-a", "\(folder.path)/in", "\(folder.path)/copy"], environment: ["PATH": "/usr/bin:/bin"]
            ).ending.succeeded)
        let copied = try lines(item, folder.path("copy"), saved, metadata: true)
        #expect(copied.lines == [] && copied.outcome.bytesRead == bytes)
    }

    @Test("finds every sort of change, and what differs in metadata only when asked")
    func changes() throws {
        let (folder, saved, item) = try prepared()
        let root = try Directory(folder.path("in"))
        let before = try root.status(of: Array("a".utf8)).modified
        // As many bytes as before, and the time put back: only the change time tells.
        try folder.write("in/a", text: "CONTENT of a")
        try DiskTree.setModified("in/a", before, in: folder)
        try folder.write("in/b", text: "longer than before, and more")
        try FileTree.remove(folder.path("in/gone"))
        try FileTree.remove(folder.path("in/fifo"))
        try folder.write("in/fifo/inside", text: "x")
        try root.remove(Array("link".utf8))
        try root.makeSymlink(Array("link".utf8), to: Array("b".utf8))
        try folder.write("in/new/deep/file", text: "12345")
        let kept = try FileDescriptor(opening: folder.path("in/kept/z"), O_RDWR)
        try FileMetadata.setPermissions(0o600, of: kept.number)
        try FileMetadata.setModified(Instant(seconds: 7), of: kept.number)
        try ExtendedAttributes.set(
            .init(name: Array("user.x".utf8), value: [1]), on: .descriptor(kept.number))
        let found = try lines(item, folder.path("in"), saved)
        #expect(
            found.lines == [
                "content web/a content", "content web/b content,size", "kind web/fifo kind", "added web/fifo/inside ",
                "removed web/gone ", "removed web/gone/x ", "removed web/gone/y ", "content web/link target",
                "added web/new ", "added web/new/deep ", "added web/new/deep/file ",
            ])
        #expect(found.outcome.bytesAdded == 6 && found.outcome.bytesRemoved == 34)
        let all = try lines(item, folder.path("in"), saved, metadata: true).lines
        #expect(all.contains("metadata web/kept/z mode,modified,attributes"))
        #expect(all.contains("metadata web modified") && !all.contains { $0.hasPrefix("metadata web/large") })
        #expect(all.filter { !$0.hasPrefix("metadata") }.map { $0.prefix(12) } == found.lines.map { $0.prefix(12) })
    }

    @Test("finds what a snapshot of the disk would differ in, in random trees", arguments: UInt64(1)...20)
    func random(seed: UInt64) throws {
        try #require(geteuid() == 0, "making devices needs root")
        let saved = try SavedTrees()
        let trees = RandomTree(seed: seed)
        let first = trees.directory(levels: 3)
        let second = trees.changed(first, levels: 3)
        let (old, new) = (try saved.save(first), try saved.save(second))
        let folder = try TemporaryFolder("diff")
        try DiskTree.make(second, Array("tree".utf8), in: Directory(folder.bytes))
        var right: [String] = []
        let reader = try saved.reader()
        _ = try TreeComparison(
            .snapshot(saved.item(old, "web"), reader: reader, prefix: []),
            with: .snapshot(saved.item(new, "web"), reader: reader, prefix: []), prefix: Array("web".utf8),
            options: ComparisonOptions()
        ) { difference in
            let properties = difference.properties.map(\.rawValue).joined(separator: ",")
            right.append(
                "\(difference.change.rawValue) \(String(decoding: difference.path, as: UTF8.self)) \(properties)")
        }.run()
        let found = try lines(saved.item(old, "web"), folder.path("tree"), saved, readsData: true)
        let wrong = found.lines.difference(from: right)
        #expect(wrong.isEmpty && found.outcome.unread == Unread(), "\(wrong.prefix(5))")
        #expect(try lines(saved.item(new, "web"), folder.path("tree"), saved, readsData: true).lines == [])
    }

    @Test("believes inode, size and times of a file that rested, and nothing but its bytes otherwise")
    func trust() throws {
        let folder = try TemporaryFolder("diff")
        try folder.write("in/file", text: "true")
        let status = try FileStatus(of: folder.path("in/file"), following: false)
        var liar = MadeTree.Node.file(Array("lies".utf8))
        liar.entry.inode = status.inode
        liar.entry.modified = status.modified
        liar.entry.changed = status.changed
        let saved = try SavedTrees()
        let item = try saved.item(saved.save(.directory(["file": liar])), "web")
        #expect(try lines(item, folder.path("in"), saved).lines == [])
        #expect(try lines(item, folder.path("in"), saved, readsData: true).lines == ["content web/file content"])
        for change in [\Entry.inode, \Entry.size] {
            var other = liar
            other.entry[keyPath: change] += 1
            if change == \Entry.size { other.bytes.append(1) }
            let item = try saved.item(saved.save(.directory(["file": other])), "web")
            #expect(try lines(item, folder.path("in"), saved).lines.count == 1)
        }
        for change in [\Entry.modified, \Entry.changed] {
            var other = liar
            other.entry[keyPath: change].nanoseconds ^= 1
            let item = try saved.item(saved.save(.directory(["file": other])), "web")
            #expect(try lines(item, folder.path("in"), saved).lines == ["content web/file content"])
        }
        // Saved at the very second in which it changed it may have changed once more unseen.
        let hasty = try SavedTrees(clock: ManualClock(seconds: status.changed.seconds - 60))
        let unsettled = try hasty.item(hasty.save(.directory(["file": liar])), "web")
        #expect(try lines(unsettled, folder.path("in"), hasty).lines == ["content web/file content"])
    }

    @Test(
        "files are compared as well, through a symlink at the end too, and a whole snapshot with what a restore writes")
    func roots() throws {
        let (folder, saved, item) = try prepared()
        let file = try saved.item(item.record, "web/a")
        #expect(try lines(file, folder.path("in/a"), saved).lines == [])
        #expect(try lines(file, folder.path("in/link"), saved).lines == [])
        #expect(try lines(file, folder.path("in/b"), saved, readsData: true).lines == ["content web/a content"])
        #expect(try lines(file, folder.path("in"), saved).lines.first == "kind web/a kind")
        try Directory(folder.bytes).makeSymlink(Array("to-in".utf8), to: folder.path("in"))
        #expect(try lines(item, folder.path("to-in"), saved, metadata: true).lines == [])
        try FileTree.makeDirectories(folder.path("whole"))
        try Directory(folder.bytes).rename(Array("in".utf8), to: Array("whole/web".utf8))
        let whole = try saved.item(item.record)
        #expect(try lines(whole, folder.path("whole"), saved).lines == [])
        #expect(try lines(whole, folder.path("whole/web"), saved).lines.prefix(2) == ["added a ", "added b "])
        #expect(throws: Failure.self) { try lines(item, folder.path("absent"), saved) }
    }

    @Test("what cannot be read on disk is named, is no difference, and all else is compared")
    func unreadable() throws {
        try #require(geteuid() == 0, "only root can become an ordinary user")
        let (folder, saved, item) = try prepared()
        for (name, mode) in [("", UInt16(0o755)), ("gone", 0o700), ("kept", 0o744), ("large", 0o600), ("b", 0o600)] {
            let made = try FileDescriptor(referenceTo: Array("in/\(name)".utf8), in: Directory(folder.bytes))
            try FileMetadata.setPermissions(mode, of: made.number)
        }
        try folder.write("in/b", text: "longer than before")
        unsafe chmod(folder.path, 0o755)
        let names = ["gone", "kept", "large"].map { "\(folder.path)/in/\($0)" }
        try ThreadScope.run { scope in
            scope.start("ordinary-user", stackBytes: 4 << 20) {
                guard become_on_this_thread(65534, 65534) == 0 else {
                    throw Failure.system("become", "an ordinary user")
                }
                let found = try lines(item, folder.path("in"), saved, readsData: true)
                #expect(found.lines == ["content web/b content,size"])
                let unread = found.outcome.unread
                #expect(unread.findings.map(\.object) == names && unread.unreadable == 3 && unread.damaged == 0)
                #expect(unread.findings.allSatisfy { $0.sentence.contains("Permission denied") })
            }
        }
    }

    @Test("trees far deeper than a stack or a path may be, and a directory of very many names")
    func deepAndWide() throws {
        let folder = try TemporaryFolder("diff")
        try DiskTree.makeDeep(3000, in: folder.path("in/deep"))
        try FileTree.makeDirectories(folder.path("in/wide"))
        let wide = try Directory(folder.path("in/wide"))
        for number in 0..<20_000 { try wide.makeSymlink(Array("n\(number)".utf8), to: [0x78]) }
        let saved = try SavedTrees()
        let first = try saved.save(FilesAdapter(path: folder.path("in")))
        #expect(try lines(saved.item(first, "web"), folder.path("in"), saved, metadata: true).lines == [])
        var bottom = try Directory(folder.path("in/deep"))
        for _ in 0..<3000 { bottom = try Directory([0x64], in: bottom) }
        try bottom.makeSymlink(Array("bottom".utf8), to: [0x78])
        try wide.remove(Array("n777".utf8))
        let path = "web/deep/" + String(repeating: "d/", count: 3000)
        let right = ["added \(path)bottom ", "removed web/wide/n777 "]
        #expect(try lines(saved.item(first, "web"), folder.path("in"), saved).lines == right)
        let second = try saved.save(FilesAdapter(path: folder.path("in")))
        let reader = try saved.reader()
        var found: [String] = []
        let outcome = try TreeComparison(
            .snapshot(saved.item(second), reader: reader, prefix: []),
            with: .snapshot(SnapshotItem(first), reader: reader, prefix: []), prefix: [], options: ComparisonOptions()
        ) { found.append("\($0.change.rawValue) \(String(decoding: $0.path, as: UTF8.self)) ") }.run()
        #expect(found == ["removed \(path)bottom ", "added web/wide/n777 "] && outcome.total == 2)
        // Against nothing the whole of both is told.
        try FileTree.makeDirectories(folder.path("empty"))
        let all = try lines(saved.item(second, "web"), folder.path("empty"), saved).lines
        #expect(all.count == (3001 + 30 + 1) + (1 + 19_999))
    }
}
