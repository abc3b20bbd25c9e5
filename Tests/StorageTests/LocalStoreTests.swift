import Glibc
import Platform
import Storage
import TestDoubles
import Testing

@Suite("The store in a folder")
struct LocalStoreTests {
    @Test("a folder that is not there is no repository, and nothing is made of it")
    func absentFolder() throws {
        let folder = try TemporaryFolder()
        let failure = #expect(throws: Failure.self) { try LocalStore(path: folder.path("none")) }
        #expect(failure?.kind == .noRepository)
        #expect(failure?.sentence.contains("\(folder.path)/none") == true)
        #expect(try Directory(folder.bytes).names() == [])
        try folder.write("file", text: "x")
        #expect(throws: Failure.self) { try LocalStore(path: folder.path("file")) }
    }

    @Test("foreign files, folders, links and pipes in the repository are left out of lists")
    func foreignFiles() throws {
        let folder = try TemporaryFolder()
        let store = try LocalStore(path: folder.bytes)
        let name = ObjectName(pack: [1, 2, 3])
        _ = try store.create(name, [1])
        try folder.write("packs/.DS_Store", text: "x")
        try folder.write("packs/01/Copy of pack", text: "x")
        try folder.write("lost+found/aa", text: "x")
        #expect(unsafe symlink("../02/outside", "\(folder.path)/packs/01/aa") == 0)
        #expect(unsafe mkfifo("\(folder.path)/packs/01/bb", 0o600) == 0)
        var names: [String] = []
        try store.list("") { names.append($0.name.text) }
        #expect(names == [name.text])
    }

    @Test("a link or a pipe under an object's name is not read")
    func wrongKinds() throws {
        let folder = try TemporaryFolder()
        let store = try LocalStore(path: folder.bytes)
        try folder.write("outside", text: "not for salvor")
        #expect(unsafe symlink("outside", "\(folder.path)/aa") == 0)
        #expect(unsafe mkfifo("\(folder.path)/bb", 0o600) == 0)
        for text in ["aa", "bb"] {
            let name = try #require(ObjectName(text))
            #expect(throws: Failure.self) { try store.read(name, limit: 1 << 20) }
        }
    }

    @Test(
        "a dropped object leaves no file behind, with unlinked files and with temporary names",
        arguments: [true, false])
    func droppedObjects(unlinked: Bool) throws {
        let folder = try TemporaryFolder()
        let store = try LocalStore(path: folder.bytes, unlinkedFiles: unlinked)
        do {
            let pending = try store.begin()
            try pending.append([1, 2, 3])
            #expect(try Directory(folder.bytes).names().isEmpty == unlinked)
        }
        #expect(try Directory(folder.bytes).names() == [])
    }

    @Test("what a dead writer left under a temporary name is swept; a living writer's file stays")
    func staleFiles() throws {
        let folder = try TemporaryFolder()
        let store = try LocalStore(path: folder.bytes, unlinkedFiles: false)
        let living = try store.begin()
        try folder.write("~new-ofthedead", text: "half an obj")
        _ = try LocalStore(path: folder.bytes)
        #expect(try Directory(folder.bytes).names().count == 1)
        try living.append([1])
        #expect(try living.finish(as: ObjectName("index", [1])) == .created)
        #expect(try Directory(folder.bytes).names() == [Array("index".utf8)])
    }

    @Test("a full disk is said of the object and the repository, with what to do, and nothing half-made shows")
    func fullDisk() throws {
        let folder = try TemporaryFolder("full")
        try #require(Host.userID == 0, "mounting a small file system needs root")
        let mounted = try ChildProcess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path], environment: Environment.all())
        try #require(mounted.ending.succeeded, "\(mounted.complaint)")
        defer { _ = try? ChildProcess.run(["umount", "-l", folder.path], environment: Environment.all()) }
        let store = try LocalStore(path: folder.bytes)
        let bytes = [UInt8](repeating: 7, count: 2 << 20)
        let failure = #expect(throws: Failure.self) { try store.create(ObjectName("index", [1]), bytes) }
        #expect(failure?.kind == .failed)
        #expect(failure?.systemError == ENOSPC)
        #expect(failure?.description.contains("index/01") == true)
        #expect(failure?.description.contains(folder.path) == true)
        #expect(failure?.hint?.contains("free some space") == true)
        var names: [String] = []
        try store.list("") { names.append($0.name.text) }
        #expect(names == [])
        #expect(try store.create(ObjectName("index", [2]), [1]) == .created, "the room is free again")
    }

    @Test("objects and folders are for their owner alone")
    func permissions() throws {
        let folder = try TemporaryFolder()
        let store = try LocalStore.create(StoreLocation("\(folder.path)/deep/down"))
        _ = try store.create(ObjectName(pack: [0xaa]), [1])
        let object = try FileStatus(of: folder.path("deep/down/packs/aa/aa"), following: false)
        let above = try FileStatus(of: folder.path("deep/down/packs/aa"), following: false)
        #expect(object.permissions == 0o600)
        #expect(above.permissions == 0o700)
    }
}
