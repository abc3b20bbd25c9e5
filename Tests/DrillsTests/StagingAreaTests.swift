import Drills
import Glibc
import Platform
import Testing

/// The place that a drill may write to, and what becomes of it.
struct StagingAreaTests {
    @Test("an area is made with its lease, is found under its name, and goes away whole")
    func comesAndGoes() throws {
        let ground = try StagingGround()
        let area = try ground.area()
        #expect(try ground.names() == ["salvor-drill-\(area.identifier)"])
        #expect(try Directory(area.path).names() == [Array("lease".utf8)])
        #expect(try Directory(area.path).status().permissions == (Host.userID == 0 ? 0o711 : 0o700))
        try area.makeDirectory("files", for: nil)
        try FileTree.write([1, 2, 3], to: area.path(of: "files/a"))
        let removal = area.remove()
        #expect(removal.problems.isEmpty)
        #expect(try ground.names().isEmpty)
    }

    @Test("a restored file that may not be removed is removed all the same")
    func removesProtectedFiles() throws {
        let ground = try StagingGround()
        let area = try ground.area()
        try area.makeDirectory("files", for: nil)
        try FileTree.makeDirectories(area.path(of: "files/locked/deep"))
        try FileTree.write([1], to: area.path(of: "files/locked/deep/a"))
        let path = String(decoding: area.path(of: "files/locked"), as: UTF8.self)
        let flags = try ChildProcess.run(["chattr", "-R", "+i", path], environment: Environment.withoutSecrets())
        #expect(Host.userID != 0 || flags.ending.succeeded)
        _ = try ChildProcess.run(["chmod", "000", path], environment: Environment.withoutSecrets())
        #expect(area.remove().problems.isEmpty)
        #expect(try ground.names().isEmpty)
    }

    @Test("removal follows no symlink")
    func followsNoSymlink() throws {
        let ground = try StagingGround()
        let area = try ground.area()
        let outside = ground.path + Array("/outside".utf8)
        try FileTree.makeDirectories(outside)
        try FileTree.write([7], to: outside + Array("/kept".utf8))
        let link = String(decoding: area.path(of: "link"), as: UTF8.self)
        let made = try ChildProcess.run(
            ["ln", "-s", String(decoding: outside, as: UTF8.self), link], environment: Environment.withoutSecrets())
        #expect(made.ending.succeeded)
        #expect(area.remove().problems.isEmpty)
        #expect(try FileTree.read(outside + Array("/kept".utf8), limit: 10) == [7])
    }

    @Test("what cannot be removed is named, and the rest goes")
    func namesWhatIsLeft() throws {
        guard Host.userID == 0 else { return }
        let ground = try StagingGround()
        let area = try ground.area()
        try FileTree.makeDirectories(area.path(of: "files/mounted"))
        try FileTree.write([1], to: area.path(of: "files/plain"))
        let mounted = String(decoding: area.path(of: "files/mounted"), as: UTF8.self)
        let environment = Environment.withoutSecrets()
        let mount = ["mount", "-t", "tmpfs", "none", mounted]
        #expect(try ChildProcess.run(mount, environment: environment).ending.succeeded)
        let removal = area.remove()
        #expect(try ChildProcess.run(["umount", mounted], environment: environment).ending.succeeded)
        #expect(removal.problems.count == 1)
        #expect(removal.problems.first?.contains("files/mounted") == true)
        #expect(try Directory(area.path(of: "files")).names() == [Array("mounted".utf8)])
    }

    @Test("a staging directory that does not exist is refused with its name")
    func needsItsDirectory() throws {
        let ground = try StagingGround()
        let missing = ground.path + Array("/missing".utf8)
        do {
            _ = try StagingArea.create(in: missing, identifier: "0123456789abcdef", clock: SystemClock())
            Issue.record("it was made")
        } catch { #expect(error.sentence.contains("missing")) }
    }
}
