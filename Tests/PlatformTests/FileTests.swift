import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Files and folders")
struct FileTests {
    @Test("a removal follows no symlink, out of the tree or in it")
    func removalAndLinks() throws {
        let folder = try TemporaryFolder()
        try folder.write("keep/file", text: "precious")
        try folder.write("tree/a/b/file", text: "x")
        #expect(unsafe symlink("\(folder.path)/keep", "\(folder.path)/tree/a/link") == 0)
        #expect(unsafe symlink("/nowhere", "\(folder.path)/tree/dangling") == 0)
        #expect(unsafe symlink("\(folder.path)/keep", "\(folder.path)/toplink") == 0)
        try FileTree.remove(folder.path("tree"))
        try FileTree.remove(folder.path("toplink"))
        try FileTree.remove(folder.path("absent"))
        try FileTree.remove(folder.path("absent/below"))
        #expect(try Directory(folder.bytes).names() == [Array("keep".utf8)])
        #expect(try FileTree.read(folder.path("keep/file"), limit: 100) == Array("precious".utf8))
    }

    @Test("a removal takes directories without rights, immutable files, and trees deeper than there are descriptors")
    func removalOfStubbornThings() throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/locked/file", text: "x")
        #expect(unsafe chmod("\(folder.path)/tree/locked", 0) == 0)
        try folder.write("tree/fixed/file", text: "x")
        // Not every file system has the flag, and only root may set it.
        _ = try ChildProcess.run(
            ["chattr", "+i", "\(folder.path)/tree/fixed/file"], environment: Environment.all())
        var directory = try Directory(folder.path("tree"))
        for _ in 0..<1500 {
            try directory.makeDirectory(Array("deep".utf8))
            directory = try Directory(Array("deep".utf8), in: directory)
        }
        try FileTree.remove(folder.path("tree"))
        #expect(try Directory(folder.bytes).names() == [])
    }

    @Test("a removal stops at a mount point, and touches nothing behind it")
    func removalAndMounts() throws {
        try #require(Host.userID == 0, "mounting needs root")
        let folder = try TemporaryFolder()
        try folder.write("production/data", text: "precious")
        try FileTree.makeDirectories(folder.path("staging/mounted"))
        let mount = try ChildProcess.run(
            ["mount", "--bind", "\(folder.path)/production", "\(folder.path)/staging/mounted"],
            environment: Environment.all())
        try #require(mount.ending.succeeded, "\(mount.complaint)")
        defer {
            _ = try? ChildProcess.run(
                ["umount", "-l", "\(folder.path)/staging/mounted"], environment: Environment.all())
        }
        let failure = #expect(throws: Failure.self) { try FileTree.remove(folder.path("staging")) }
        #expect(failure?.sentence.contains("mount point") == true)
        #expect(try FileTree.read(folder.path("production/data"), limit: 100) == Array("precious".utf8))
    }

    @Test("directories are made with those above them, again and again, and not over a file")
    func makeDirectories() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 { try FileTree.makeDirectories(folder.path("a/b//c/")) }
        #expect(try FileStatus(of: folder.path("a/b/c"), following: false).isDirectory)
        try folder.write("file", text: "x")
        let failure = #expect(throws: Failure.self) { try FileTree.makeDirectories(folder.path("file")) }
        #expect(failure?.systemError == ENOTDIR)
        #expect(throws: Failure.self) { try FileTree.makeDirectories(folder.path("file/below")) }
    }

    @Test("a small file is written whole, over the old one, with the mode asked for, and leaves no temporary")
    func smallFiles() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("note")
        try FileTree.write(Array("one".utf8), to: path)
        try FileTree.write(Array("two!".utf8), to: path, mode: 0o640)
        #expect(try FileTree.read(path, limit: 4) == Array("two!".utf8))
        #expect(throws: Failure.self) { try FileTree.read(path, limit: 3) }
        #expect(try FileStatus(of: path, following: false).permissions == 0o640)
        #expect(throws: Failure.self) { try FileTree.write([1], to: folder.path("absent/note")) }
        try FileTree.makeDirectories(folder.path("taken/below"))
        #expect(throws: Failure.self) { try FileTree.write([1], to: folder.path("taken")) }
        #expect(try Directory(folder.bytes).names() == [Array("note".utf8), Array("taken".utf8)])
    }

    @Test("names of any bytes are listed in the order of their bytes, and reached")
    func names() throws {
        let folder = try TemporaryFolder()
        let names: [[UInt8]] = [[0xff, 0xfe], Array("a\nb".utf8), Array("é".utf8), Array("Z".utf8), Array("..x".utf8)]
        let directory = try Directory(folder.bytes)
        for name in names { _ = try FileDescriptor(opening: name, in: directory.number, O_WRONLY | O_CREAT) }
        let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(try directory.names() == sorted)
        #expect(try directory.names() == sorted, "a second reading begins anew")
        for name in names { #expect(try directory.status(of: name).isRegular) }
        #expect(try directory.renameNew(names[0], to: names[1]) == false)
        #expect(try directory.renameNew(names[0], to: Array("new".utf8)))
        #expect(throws: Failure.self) { try directory.status(of: names[0]) }
    }

    @Test("a directory is entered by name only if it is none by a link, and paths stay beneath")
    func links() throws {
        let folder = try TemporaryFolder()
        try folder.write("real/file", text: "x")
        #expect(unsafe symlink("real", "\(folder.path)/link") == 0)
        let directory = try Directory(folder.bytes)
        #expect(throws: Failure.self) { try Directory(Array("link".utf8), in: directory) }
        for path in ["link/file", "../\(folder.path)/real/file", "\(folder.path)/real/file", "real/../../x"] {
            #expect(throws: Failure.self, "\(path)") {
                _ = try FileDescriptor(openingBeneath: Array(path.utf8), in: directory.number, O_RDONLY)
            }
        }
        #expect(throws: Never.self) {
            _ = try FileDescriptor(openingBeneath: Array("real/file".utf8), in: directory.number, O_RDONLY)
        }
    }

    @Test("bytes are read and written where they are asked for")
    func ranges() throws {
        let folder = try TemporaryFolder()
        let file = try FileDescriptor(opening: folder.path("file"), O_RDWR | O_CREAT)
        let bytes = SeededRandomness(seed: 1).bytes(1000)
        try file.write(bytes.span, at: 5000)
        var buffer = Buffer(capacity: 1000)
        #expect(try file.read(into: &buffer, at: 5500, count: 1000) == 500, "fewer only at the end")
        #expect(buffer.array() == Array(bytes[500...]))
        buffer.clear()
        #expect(try file.read(into: &buffer, at: 4999, count: 2) == 2)
        #expect(buffer.array() == [0, bytes[0]])
        try file.truncate(to: 3)
        #expect(try file.status().size == 3)
        try file.synchronise()
        try file.synchroniseFilesystem()
    }

    @Test("what the kernel says of a file is told exactly: type, rights, links, times before 1970 in nanoseconds")
    func status() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("file", text: "hello")
        let text = CString(path)
        var times = [timespec(tv_sec: -5, tv_nsec: 1), timespec(tv_sec: -5, tv_nsec: 123_456_789)]
        #expect(unsafe utimensat(AT_FDCWD, text.pointer, &times, 0) == 0)
        #expect(unsafe chmod(text.pointer, 0o4751) == 0)
        #expect(unsafe link(text.pointer, "\(folder.path)/second") == 0)
        let status = try FileStatus(of: path, following: false)
        #expect(status.isRegular && status.size == 5 && status.links == 2)
        #expect(status.permissions == 0o4751)
        #expect(status.modified == Instant(seconds: -5, nanoseconds: 123_456_789))
        #expect(status.user == Host.userID)
        #expect(unsafe symlink("file", "\(folder.path)/link") == 0)
        #expect(try FileStatus(of: folder.path("link"), following: false).isSymlink)
        #expect(try FileStatus(of: folder.path("link"), following: true).inode == status.inode)
        let failure = #expect(throws: Failure.self) { try FileStatus(of: folder.path("no"), following: true) }
        #expect(failure?.systemError == ENOENT)
    }

    @Test("extended attributes come back byte by byte, of files, folders and links")
    func attributes() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("file", text: "x")
        let file = try FileDescriptor(opening: path, O_RDONLY)
        let values: [ExtendedAttribute] = [
            .init(name: Array("user.a".utf8), value: []),
            .init(name: Array("user.b".utf8), value: SeededRandomness(seed: 1).bytes(3000)),
            .init(name: Array("user.\u{e9}".utf8), value: [0, 255, 0]),
        ]
        for value in values.reversed() { try ExtendedAttributes.set(value, on: .descriptor(file.number)) }
        #expect(try ExtendedAttributes.read(.descriptor(file.number)) == values)
        let directory = try Directory(folder.bytes)
        #expect(try ExtendedAttributes.read(.name(Array("file".utf8), in: directory)) == values)
        try ExtendedAttributes.remove(values[1].name, from: .name(Array("file".utf8), in: directory))
        try ExtendedAttributes.remove(values[1].name, from: .descriptor(file.number))
        #expect(try ExtendedAttributes.read(.descriptor(file.number)) == [values[0], values[2]])
        #expect(unsafe symlink("file", "\(folder.path)/link") == 0)
        #expect(try ExtendedAttributes.read(.name(Array("link".utf8), in: directory)) == [], "a link has its own")
    }

    @Test("users and groups are known by number and by name")
    func accounts() {
        #expect(Accounts.userName(0) == "root")
        #expect(Accounts.groupName(0) == "root")
        #expect(Accounts.userNumbers(named: "root")?.user == 0)
        #expect(Accounts.groupNumber(named: "root") == 0)
        #expect(Accounts.userName(4_000_000_000) == nil)
        #expect(Accounts.groupNumber(named: "no such group") == nil)
        #expect(Host.processors >= 1)
        #expect(!Host.name().isEmpty)
    }
}
