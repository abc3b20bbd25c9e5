import Entries
import Platform
import TestDoubles
import TestRepositories

/// Trees of every kind of entry, made and changed at random, the same for the same seed.
struct RandomTree {
    let random: SeededRandomness
    private static let names = [
        "a", "a.txt", "ab", "b", "B", "é", "-x", " ", "line\nbreak", "z", "index.html", "logo.png", "c", "d", "[x]",
    ]

    init(seed: UInt64) { random = SeededRandomness(seed: seed) }

    /// A directory with up to twelve entries, some of them directories of the same sort.
    func directory(levels: Int = 4) -> MadeTree.Node {
        var children: [String: MadeTree.Node] = [:]
        for _ in 0..<random.next(below: 12) { children[name()] = node(levels: levels) }
        var directory = MadeTree.Node.directory(children)
        touch(&directory)
        return directory
    }

    private func name() -> String { Self.names[random.next(below: Self.names.count)] }

    private func node(levels: Int) -> MadeTree.Node {
        switch random.next(below: 8) {
        case 0...2 where levels > 0: return directory(levels: levels - 1)
        case 0...5:
            // Few different contents, so that many files are equal.
            var bytes = [UInt8](repeating: 7, count: random.next(below: 40))
            if random.next(below: 4) == 0 { bytes = [UInt8](repeating: 0, count: 3000 + random.next(below: 3)) }
            var file = MadeTree.Node.file(bytes)
            touch(&file)
            return file
        case 6:
            var entry = Entry(name: [], kind: .symlink, permissions: 0o777, modified: Instant(seconds: 5))
            entry.linkTarget = Array("to-\(random.next(below: 3))".utf8)
            var link = MadeTree.Node.other(entry)
            touch(&link)
            return link
        default:
            let kinds: [Entry.Kind] = [.fifo, .socket, .characterDevice, .blockDevice]
            let kind = kinds[random.next(below: 4)]
            var entry = Entry(name: [], kind: kind, permissions: 0o600, modified: Instant(seconds: 6))
            if kind == .characterDevice || kind == .blockDevice { entry.specialDevice = UInt64(random.next(below: 3)) }
            var other = MadeTree.Node.other(entry)
            touch(&other)
            return other
        }
    }

    /// Gives an entry other metadata.
    private func touch(_ node: inout MadeTree.Node) {
        switch random.next(below: 10) {
        case 0: node.entry.permissions = UInt16(random.next(below: 0o10000))
        case 1: node.entry.user = UInt32(random.next(below: 3))
        case 2: node.entry.group = UInt32(random.next(below: 3))
        case 3: node.entry.userName = ["", "root", "www"][random.next(below: 3)]
        case 4: node.entry.groupName = ["", "root", "www"][random.next(below: 3)]
        case 5: node.entry.modified = Instant(seconds: Int64(random.next(below: 3)), nanoseconds: 5)
        case 6:
            let value = [UInt8(random.next(below: 3))]
            node.entry.attributes = [ExtendedAttribute(name: Array("trusted.x".utf8), value: value)]
        case 7: node.entry.inodeFlags = [0, 0x40][random.next(below: 2)]
        case 8: node.entry.inode = UInt64(random.next(below: 1000))
        default: dig(&node)
        }
        // What changes a file changes its ctime.
        node.entry.changed = Instant(seconds: 1000 + Int64(random.next(below: 1 << 30)))
    }

    /// Makes holes into a file of zeros, at places that no file system likes.
    private func dig(_ node: inout MadeTree.Node) {
        guard node.bytes.count > 2000, node.bytes.allSatisfy({ $0 == 0 }) else { return }
        node.entry.holes = []
        var end = 0
        while end < node.bytes.count, random.next(below: 4) > 0 {
            let start = end + random.next(below: 1100)
            let length = min(1 + random.next(below: 1100), node.bytes.count - start)
            guard length > 0 else { break }
            node.entry.holes.append(Entry.Hole(offset: UInt64(start), length: UInt64(length)))
            end = start + length
        }
    }

    /// The same tree some time later.
    func changed(_ tree: MadeTree.Node, levels: Int = 4) -> MadeTree.Node {
        var tree = tree
        if random.next(below: 8) == 0 { touch(&tree) }
        for (name, child) in tree.children.sorted(by: { $0.key < $1.key }) {
            switch random.next(below: 12) {
            case 0: tree.children[name] = nil
            case 1: tree.children[name] = node(levels: levels)
            case 2: touch(&tree.children[name, default: child])
            default: if child.entry.kind == .directory { tree.children[name] = changed(child, levels: levels - 1) }
            }
        }
        if random.next(below: 4) == 0 { tree.children[name()] = node(levels: levels) }
        return tree
    }
}

extension MadeTree.Node {
    /// The names of its children in the order of a snapshot.
    var names: [String] { children.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) } }

    /// Every entry below it in the order of a walk, with its path; `path` is its own.
    func below(_ path: String) -> [(path: String, node: MadeTree.Node)] {
        names.flatMap { name -> [(path: String, node: MadeTree.Node)] in
            guard let child = children[name] else { return [] }
            return [("\(path)/\(name)", child)] + child.below("\(path)/\(name)")
        }
    }
}
