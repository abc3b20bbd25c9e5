import DataSources
import Entries
import Glibc
import Platform
import TestDoubles
import Testing

@Suite("The writer of files stays in its target, and leaves whole things")
struct FileTreeWriterTests {
    private let folder: TemporaryFolder
    private let time = Instant(seconds: 1_000_000_000, nanoseconds: 5)

    init() throws {
        folder = try TemporaryFolder("writer")
        try folder.write("outside/kept", text: "untouched")
    }

    private func writer(_ options: FileWriteOptions = FileWriteOptions()) throws -> FileTreeWriter {
        try FileTreeWriter(root: folder.path("target"), options: options)
    }

    private func entry(_ name: String, _ kind: Entry.Kind = .file, size: Int = 0) -> Entry {
        entry(Array(name.utf8), kind, size: size)
    }

    private func entry(_ name: [UInt8], _ kind: Entry.Kind = .file, size: Int = 0) -> Entry {
        var entry = Entry(
            name: name, kind: kind, permissions: kind == .directory ? 0o755 : 0o644, modified: time, size: UInt64(size))
        entry.user = geteuid()
        entry.group = getegid()
        return entry
    }

    private func write(_ name: String, _ text: String, in parent: TargetDirectory, _ writer: FileTreeWriter) throws {
        try TreeCopy.fill(writer.begin(entry(name, size: text.utf8.count), in: parent), Array(text.utf8))
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try FileTree.read(folder.path(name), limit: 1 << 20), as: UTF8.self)
    }

    private func names(_ name: String) throws -> [String] {
        try Directory(folder.path(name)).names().map { printable($0) }
    }

    private func kind(of body: () throws -> Void) -> FailureKind? {
        do { try body() } catch { return Failure(error).kind }
        return nil
    }

    @Test(
        "a name that leads out of its directory is refused as damage",
        arguments: [
            Array("..".utf8), Array(".".utf8), [], Array("a/b".utf8), Array("/nowhere/x".utf8),
            Array("../outside/x".utf8),
            [97, 0, 98], [UInt8](repeating: 97, count: 256),
        ])
    func badNames(name: [UInt8]) throws {
        let writer = try writer()
        let first = LinkTarget(directory: writer.root, name: Array("x".utf8))
        try write("x", "x", in: writer.root, writer)
        #expect(kind { _ = try writer.begin(entry(name), in: writer.root) } == .damaged)
        #expect(kind { _ = try writer.enter(entry(name, .directory), in: writer.root) } == .damaged)
        #expect(kind { try writer.add(entry(name, .fifo), in: writer.root) } == .damaged)
        #expect(kind { try writer.link(entry(name), in: writer.root, to: first) } == .damaged)
        #expect(kind { _ = try writer.state(of: entry(name), in: writer.root) } == .damaged)
        #expect(try names("target") == ["x"])
        #expect(try names("outside") == ["kept"])
        #expect(try names("") == ["outside", "target"])
    }

    @Test("an entry that cannot be is refused: holes, targets, sizes and attributes that make no sense")
    func impossibleEntries() throws {
        let writer = try writer()
        var overlapping = entry("f", size: 100)
        overlapping.holes = [.init(offset: 0, length: 60), .init(offset: 50, length: 10)]
        var outside = entry("f", size: 100)
        outside.holes = [.init(offset: 90, length: .max)]
        var huge = entry("f")
        huge.size = 1 << 63
        var named = entry("f")
        named.attributes = [ExtendedAttribute(name: [117, 0], value: [])]
        for entry in [overlapping, outside, huge, named] {
            #expect(kind { _ = try writer.begin(entry, in: writer.root) } == .damaged)
        }
        for target in [[], [1, 0, 2], [UInt8](repeating: 1, count: 4096)] {
            var link = entry("l", .symlink)
            link.linkTarget = target
            #expect(kind { try writer.add(link, in: writer.root) } == .damaged)
        }
        #expect(try names("target").isEmpty)
    }

    @Test("bytes beyond the size, and bytes in a hole, are refused as damage")
    func impossibleBytes() throws {
        let writer = try writer()
        var holed = entry("f", size: 100)
        holed.holes = [.init(offset: 10, length: 80)]
        let file = try writer.begin(holed, in: writer.root)
        let bytes = [UInt8](repeating: 1, count: 20)
        #expect(kind { try file.write(bytes.span, at: 90) } == .damaged)
        #expect(kind { try file.write(bytes.span, at: .max - 5) } == .damaged)
        #expect(kind { try file.write(bytes.span, at: 80) } == .damaged)
        try file.write([1, 2, 3].span, at: 0)
        try file.write([UInt8](repeating: 0, count: 80).span, at: 10)
        try file.finish()
        #expect(try FileTree.read(folder.path("target/f"), limit: 200).prefix(4) == [1, 2, 3, 0])
    }

    @Test("a symlink planted where a directory goes is replaced, and what it points to is left alone")
    func plantedDirectoryLink() throws {
        let writer = try writer()
        try Directory(folder.path("target")).makeSymlink(Array("d".utf8), to: folder.path("outside"))
        let directory = try writer.enter(entry("d", .directory), in: writer.root)
        try write("new", "inside", in: directory, writer)
        #expect(try names("outside") == ["kept"])
        #expect(try text("target/d/new") == "inside")
    }

    @Test("a symlink planted where a file goes is replaced, and the file that it points to keeps its bytes and mode")
    func plantedFileLink() throws {
        let writer = try writer()
        try Directory(folder.path("target")).makeSymlink(Array("f".utf8), to: folder.path("outside/kept"))
        try write("f", "new", in: writer.root, writer)
        #expect(try text("outside/kept") == "untouched")
        #expect(try text("target/f") == "new")
        #expect(try writer.state(of: entry("f", size: 3), in: writer.root) == .same)
    }

    @Test("a directory that was exchanged for a symlink while the restore ran is not followed")
    func exchangedDirectory() throws {
        let writer = try writer()
        let directory = try writer.enter(entry("d", .directory), in: writer.root)
        // More directories than are kept open, so that the first one must be opened again.
        let others = try (0..<600).map { try writer.enter(entry("e\($0)", .directory), in: writer.root) }
        let target = try Directory(folder.path("target"))
        try target.rename(Array("d".utf8), to: Array("moved".utf8))
        try target.makeSymlink(Array("d".utf8), to: folder.path("outside"))
        #expect(throws: Failure.self) { try write("new", "x", in: directory, writer) }
        try target.remove(Array("d".utf8))
        try target.makeDirectory(Array("d".utf8))
        #expect(throws: Failure.self) { try write("new", "x", in: directory, writer) }
        #expect(try names("outside") == ["kept"])
        #expect(try names("target/d").isEmpty)
        #expect(others.count == 600)
    }

    @Test("a file that is not finished leaves nothing behind")
    func droppedFile() throws {
        let writer = try writer()
        do {
            let file = try writer.begin(entry("f", size: 5), in: writer.root)
            try file.write(Array("12345".utf8).span, at: 0)
            #expect(try names("target").isEmpty)
        }
        #expect(try names("target").isEmpty)
    }

    @Test("what is in the way is replaced: a full directory by a file, a file by a directory, a file by a symlink")
    func replaces() throws {
        try folder.write("target/a/b/c", text: "old")
        try folder.write("target/f", text: "old")
        try folder.write("target/s", text: "old")
        let careful = try writer()
        #expect(kind { try write("a", "now a file", in: careful.root, careful) } == .refused)
        #expect(try text("target/a/b/c") == "old", "a full directory goes only when that was asked for")
        let writer = try writer(FileWriteOptions(removesDirectories: true))
        try write("a", "now a file", in: writer.root, writer)
        let directory = try writer.enter(entry("f", .directory), in: writer.root)
        try write("x", "in it", in: directory, writer)
        var link = entry("s", .symlink)
        link.linkTarget = Array("f".utf8)
        try writer.add(link, in: writer.root)
        #expect(try text("target/a") == "now a file")
        #expect(try text("target/s/x") == "in it")
        #expect(try names("target") == ["a", "f", "s"])
    }

    @Test("where nothing may be replaced, everything that is there stays, and no trace is left")
    func replacesNothing() throws {
        let writer = try writer(FileWriteOptions(replaces: false))
        let late = try writer.begin(entry("f", size: 3), in: writer.root)
        try late.write(Array("new".utf8).span, at: 0)
        try folder.write("target/f", text: "old")
        try folder.write("target/d/x", text: "old")
        #expect(kind { try late.finish() } == .refused)
        #expect(kind { _ = try writer.enter(entry("f", .directory), in: writer.root) } == .refused)
        #expect(kind { try writer.add(entry("f", .fifo), in: writer.root) } == .refused)
        #expect(kind { try write("d", "new", in: writer.root, writer) } == .refused)
        try write("other", "new", in: writer.root, writer)
        let other = LinkTarget(directory: writer.root, name: Array("other".utf8))
        #expect(kind { try writer.link(entry("f"), in: writer.root, to: other) } == .refused)
        let directory = try writer.enter(entry("d", .directory), in: writer.root)
        try write("y", "new", in: directory, writer)
        #expect(try names("target") == ["d", "f", "other"])
        #expect(try names("target/d") == ["x", "y"])
        #expect(try text("target/f") == "old")
    }

    @Test("files and directories that flags protect are replaced all the same", .enabled(if: geteuid() == 0))
    func protectedInTheWay() throws {
        for name in ["target/f", "target/d/inside", "target/taken/inside", "target/tree/deep/inside"] {
            try folder.write(name, text: "old")
        }
        for name in [
            "target/f", "target/d/inside", "target/d", "target/taken", "target/tree/deep/inside", "target/tree/deep",
        ] {
            let file = try FileDescriptor(opening: folder.path(name), O_RDONLY)
            try InodeFlags.set(name.hasSuffix("inside") ? InodeFlags.append : InodeFlags.immutable, on: file.number)
        }
        let writer = try writer(FileWriteOptions(removesDirectories: true))
        try write("f", "new", in: writer.root, writer)
        let directory = try writer.enter(entry("d", .directory), in: writer.root)
        try write("inside", "new", in: directory, writer)
        try write("taken", "new", in: writer.root, writer)
        try write("tree", "new", in: writer.root, writer)
        for name in ["f", "d/inside", "taken", "tree"] { #expect(try text("target/\(name)") == "new") }
    }

    @Test("a hard link replaces what is there, and leaves a name alone that has the inode already")
    func hardLinks() throws {
        try folder.write("target/b", text: "old")
        let writer = try writer()
        try write("a", "linked", in: writer.root, writer)
        let first = LinkTarget(directory: writer.root, name: Array("a".utf8))
        for name in ["b", "b", "c"] { try writer.link(entry(name), in: writer.root, to: first) }
        let target = try Directory(folder.path("target"))
        let inodes = try Set(["a", "b", "c"].map { try target.status(of: Array($0.utf8)).inode })
        #expect(inodes.count == 1)
        #expect(try names("target") == ["a", "b", "c"])
    }

    @Test("an ACL that a directory hands down does not stick to what is restored into it")
    func inheritedAccessList() throws {
        let writer = try writer()
        let target = try Directory(folder.path("target"))
        let inherited = ExtendedAttribute(name: Array("system.posix_acl_default".utf8), value: AccessList.standard)
        try ExtendedAttributes.set(inherited, on: .descriptor(target.number))
        try write("f", "x", in: writer.root, writer)
        try writer.finish(writer.enter(entry("d", .directory), in: writer.root))
        try writer.add(entry("p", .fifo), in: writer.root)
        for (name, permissions) in [("f", 0o644), ("d", 0o755), ("p", 0o644)] as [(String, UInt16)] {
            let place = ExtendedAttributes.Carrier.name(Array(name.utf8), in: target)
            #expect(try ExtendedAttributes.read(place) == [])
            #expect(try target.status(of: Array(name.utf8)).permissions == permissions)
        }
    }

    @Test("what is there is told apart: nothing, the same, something else")
    func states() throws {
        let writer = try writer()
        try write("f", "12345", in: writer.root, writer)
        var link = entry("l", .symlink)
        link.linkTarget = [1]
        try writer.add(link, in: writer.root)
        func state(_ entry: Entry) throws -> TargetState { try writer.state(of: entry, in: writer.root) }
        #expect(try state(entry("g")) == .absent)
        #expect(try state(entry("f", size: 5)) == .same)
        #expect(try state(entry("f", size: 4)) == .different)
        #expect(try state(entry("f", .directory)) == .different)
        #expect(try state(link) == .same)
        link.linkTarget = [2]
        #expect(try state(link) == .different)
        let view = try #require(try TargetView(root: folder.path("target")))
        #expect(try view.directory(entry("l", .directory), in: view.root) == nil)
        #expect(try TargetView(root: folder.path("nowhere")) == nil)
    }

    @Test(
        "owners are found by name, and by number when asked or when the name is not known", .enabled(if: geteuid() == 0)
    )
    func owners() throws {
        var known = entry("known")
        (known.userName, known.groupName, known.user, known.group) = ("nobody", "daemon", 4242, 4243)
        var unknown = entry("unknown")
        (unknown.userName, unknown.user, unknown.group) = ("no-such-user-here", 4242, 4243)
        for (numeric, expected) in [(false, [65534, 1, 4242, 4243]), (true, [4242, 4243, 4242, 4243])]
            as [(Bool, [UInt32])]
        {
            let writer = try writer(FileWriteOptions(numericOwner: numeric))
            for entry in [known, unknown] { try writer.begin(entry, in: writer.root).finish() }
            let target = try Directory(folder.path("target"))
            let found = try [known, unknown].map { try target.status(of: $0.name) }.flatMap { [$0.user, $0.group] }
            #expect(found == expected)
        }
    }

    @Test("a target without entry keeps its own mode, and one that is made is closed to others")
    func rootMode() throws {
        let writer = try writer()
        try writer.finish(writer.root)
        #expect(try FileStatus(of: folder.path("target"), following: false).permissions == 0o700)
        let named = try FileTreeWriter(
            root: folder.path("other"), options: FileWriteOptions(), entry: entry("any", .directory))
        try named.finish(named.root)
        let status = try FileStatus(of: folder.path("other"), following: false)
        #expect(status.permissions == 0o755)
        #expect(status.modified == time)
    }
}
