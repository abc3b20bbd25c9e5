import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Directories are reached name by name")
struct DirectoryTests {
    private let folder: TemporaryFolder
    private let top: Directory

    init() throws {
        folder = try TemporaryFolder("directory")
        top = try Directory(folder.bytes)
    }

    private func deepen(_ levels: Int) throws -> Directory {
        var place = top
        for _ in 0..<levels {
            try place.makeDirectory([UInt8(ascii: "d")])
            place = try Directory([UInt8(ascii: "d")], in: place)
        }
        return place
    }

    @Test("a symlink to a directory is no directory, whichever way one is opened")
    func symlink() throws {
        try top.makeDirectory(Array("real".utf8))
        try top.makeSymlink(Array("link".utf8), to: Array("real".utf8))
        let link = Array("link".utf8)
        let plain = #expect(throws: Failure.self) { try Directory(link, in: top) }
        let unlocking = #expect(throws: Failure.self) { try Directory(unlocking: link, in: top) }
        for failure in [plain, unlocking] { #expect([ENOTDIR, ELOOP].contains(failure?.systemError)) }
        #expect(try top.target(ofSymlink: link) == Array("real".utf8))
    }

    @Test("names are listed in the order of their bytes, and found again")
    func names() throws {
        let expected: [[UInt8]] = [
            [1], Array("a".utf8), Array("a b".utf8), Array("aa".utf8), Array("b".utf8), [0xc3], [0xff, 10],
        ]
        for name in expected.reversed() { try top.makeNode(name, mode: 0o100600, device: 0) }
        let list = try NameList(of: top)
        #expect(try top.names() == expected)
        #expect((0..<list.count).map { list[$0] } == expected)
        for (index, name) in expected.enumerated() {
            #expect(list.index(of: name) == index)
            #expect(try top.status(of: list, at: index).isRegular)
        }
        for name in [[], [2], Array("ab".utf8), [0xff], [0xff, 10, 10], [97, 0]] as [[UInt8]] {
            #expect(list.index(of: name) == nil)
        }
        try top.makeDirectory(Array("empty".utf8))
        #expect(try NameList(of: Directory(Array("empty".utf8), in: top)).count == 0)
    }

    @Test("a list of very many names keeps each of them")
    func manyNames() throws {
        for number in 0..<5000 { try top.makeNode(Array("name-\(number)".utf8), mode: 0o100600, device: 0) }
        #expect(Set(try top.names()) == Set((0..<5000).map { Array("name-\($0)".utf8) }))
    }

    @Test("a tree deeper than directories are kept open is reached, and gone through again")
    func deepTree() throws {
        _ = try deepen(600)
        var nodes = [TreeDirectory(root: top, status: try top.status())]
        for level in 0..<600 {
            let above = try nodes[level].open()
            let directory = try Directory([UInt8(ascii: "d")], in: above)
            let status = try directory.status()
            nodes.append(TreeDirectory([UInt8(ascii: "d")], in: nodes[level], opened: directory, status: status))
        }
        for node in nodes.reversed() + nodes {
            #expect(try node.open().status().inode > 0)
        }
        #expect(nodes[600].path.count == 600)
        #expect(nodes[2].printablePath(of: [0xff]) == "d/d/\\xff")
        #expect(nodes[0].printablePath() == ".")
    }

    @Test("files and directories that flags protect are removed as well", .enabled(if: geteuid() == 0))
    func protectedRemoval() throws {
        for name in ["t/append/inside", "t/immutable/inside"] { try folder.write(name, text: "x") }
        for (name, flag) in [
            ("t/append/inside", InodeFlags.immutable), ("t/append", InodeFlags.append),
            ("t/immutable/inside", InodeFlags.append), ("t/immutable", InodeFlags.immutable),
        ] {
            let file = try FileDescriptor(opening: folder.path(name), O_RDONLY)
            try InodeFlags.set(flag, on: file.number)
        }
        #expect(throws: Failure.self) { try top.remove(Array("t/append/inside".utf8)) }
        try FileTree.remove(folder.path("t"))
        #expect(try top.names().isEmpty)
    }

    @Test("data and holes of a sparse file are told apart")
    func holes() throws {
        let path = try folder.write("sparse", text: "")
        let file = try FileDescriptor(opening: path, O_RDWR)
        try file.write([UInt8](repeating: 1, count: 4096).span, at: 1 << 20)
        try file.truncate(to: 2 << 20)
        #expect(try file.nextHole(from: 0) == 0)
        #expect(try file.nextData(from: 0) == 1 << 20)
        #expect(try file.nextHole(from: 1 << 20) == (1 << 20) + 4096)
        #expect(try file.nextData(from: (1 << 20) + 4096) == nil)
    }

    @Test("a file without a name is gone when it is closed, unless it was given one")
    func unnamed() throws {
        do {
            let file = try FileDescriptor(unnamedIn: top)
            try file.write([1].span)
            #expect(try top.names().isEmpty)
            try top.link(Array("named".utf8), to: file)
        }
        do { _ = try FileDescriptor(unnamedIn: top) }
        #expect(try top.names() == [Array("named".utf8)])
        let other = try FileDescriptor(unnamedIn: top)
        var code: Int32?
        do throws(Failure) { try top.link(Array("named".utf8), to: other) } catch { code = error.systemError }
        #expect(code == EEXIST)
    }

    @Test("a path is made absolute without symlinks")
    func resolve() throws {
        try folder.write("a/file", text: "x")
        try top.makeSymlink(Array("link".utf8), to: Array("a/file".utf8))
        #expect(
            try FileTree.resolve(folder.path("a/../link")) == FileTree.resolve(folder.bytes) + Array("/a/file".utf8))
        #expect(throws: Failure.self) { try FileTree.resolve(folder.path("nowhere")) }
    }
}
