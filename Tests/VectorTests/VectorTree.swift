import Entries
import Formats
import Platform
import TestRepositories

/// The trees that the vectors hold, with fixed owners, times and inodes.
enum VectorTree {
    /// The files of the source `web`; `later` is how they are in the second snapshot.
    static func web(later: Bool) -> MadeTree.Node {
        var root = directory(time: 1_700_000_000)
        root.children["empty"] = file([], inode: 11)
        root.children["hello.txt"] = file(Array("hello, world\n".utf8), inode: 12, mode: 0o600)
        // Long enough for several chunks, and small when it is compressed.
        let block = noise(4096, seed: 77)
        var large: [UInt8] = []
        while large.count < 4_700_000 { large.append(contentsOf: block) }
        if later { large.append(contentsOf: Array("the end".utf8)) }
        root.children["several chunks"] = file(
            large, inode: later ? 14 : 13, time: later ? 1_700_090_000 : 1_700_000_000)
        for name in ["linked", "linked again"] {
            var node = file(Array("two names\n".utf8), inode: 15)
            node.entry.links = 2
            root.children[name] = node
        }
        var sparse = file([UInt8](repeating: 0, count: 1 << 20) + Array("after the hole".utf8), inode: 16)
        sparse.entry.holes = [Entry.Hole(offset: 0, length: 1 << 20)]
        root.children["sparse"] = sparse
        var decorated = file([0xff, 0x00, 0x0a], inode: 17)
        decorated.entry.attributes = [
            ExtendedAttribute(name: Array("user.empty".utf8), value: []),
            ExtendedAttribute(name: Array("user.origin".utf8), value: [1, 0, 255]),
        ]
        decorated.entry.modified = Instant(seconds: -1, nanoseconds: 999_999_999)
        decorated.entry.born = Instant(seconds: 1_600_000_000, nanoseconds: 1)
        root.children["größe"] = decorated
        var link = Entry(name: [], kind: .symlink, permissions: 0o777, modified: Instant(seconds: 1_700_000_001))
        link.linkTarget = Array("../outside/größe".utf8)
        root.children["symlink"] = .other(link)
        root.children["fifo"] = .other(
            Entry(name: [], kind: .fifo, permissions: 0o640, modified: Instant(seconds: 1_700_000_002)))
        var many = directory(time: 1_700_000_003)
        for number in 0..<300 {
            many.children["n\(number)"] = file(
                number % 100 == 0 ? Array("\(number)".utf8) : [], inode: UInt64(1000 + number))
        }
        root.children["many"] = many
        var inner = directory(time: 1_700_000_004)
        inner.children["leaf"] = file(Array("deep\n".utf8), inode: 18, mode: 0o444)
        root.children["deep"] = directory(time: 1_700_000_005)
        root.children["deep"]?.children["er"] = inner
        root.children["deep"]?.children["nothing"] = directory(time: 1_700_000_006)
        if later { root.children["new"] = file(Array("new\n".utf8), inode: 19) }
        return root
    }

    /// The source `note`, which is one file.
    static let note = file(Array("remember\n".utf8), inode: 30)

    private static func file(_ bytes: [UInt8], inode: UInt64, mode: UInt16 = 0o644, time: Int64 = 1_700_000_000)
        -> MadeTree.Node
    {
        var node = MadeTree.Node.file(bytes, changed: time, inode: inode)
        node.entry.permissions = mode
        node.entry.device = 5
        return node
    }

    private static func directory(time: Int64) -> MadeTree.Node {
        var node = MadeTree.Node.directory()
        node.entry.modified = Instant(seconds: time)
        return node
    }

    /// What a restore must give of a tree, as `expected.json` holds it: one object an item, by path.
    static func expected(_ node: MadeTree.Node, _ path: String) -> [JSONValue.Member] {
        let entry = node.entry
        var facts: [JSONValue.Member] = [
            .init("kind", .string("\(entry.kind)")), .init("mode", .string(String(entry.permissions, radix: 8))),
            .init(
                "modified",
                .string(Timestamp.string(seconds: entry.modified.seconds, nanoseconds: entry.modified.nanoseconds))),
        ]
        if entry.kind == .file {
            facts.append(.init("size", JSONValue(node.bytes.count)))
            facts.append(.init("sha256", .string(Hexadecimal.string(sha256(node.bytes)))))
        }
        if entry.kind == .symlink { facts.append(.init("target", .string(printable(entry.linkTarget)))) }
        for attribute in entry.attributes {
            facts.append(.init(printable(attribute.name), .string(Hexadecimal.string(attribute.value))))
        }
        if !entry.holes.isEmpty {
            facts.append(.init("holes", .array(entry.holes.map { [JSONValue($0.offset), JSONValue($0.length)] })))
        }
        if entry.links > 1 { facts.append(.init("links", JSONValue(entry.links))) }
        var members = [JSONValue.Member(path, .object(facts))]
        let sorted = node.children.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        for (name, child) in sorted { members += expected(child, path + "/" + name) }
        return members
    }
}
