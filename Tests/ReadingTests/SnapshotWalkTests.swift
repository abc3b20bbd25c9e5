import DataSources
import Entries
import Platform
import Reading
import Repositories
import TestDoubles
import TestRepositories
import Testing

@Suite("A walk over a snapshot")
struct SnapshotWalkTests {
    @Test("gives every entry in order with its path, and enters what it is told to", arguments: UInt64(1)...10)
    func order(seed: UInt64) throws {
        let saved = try SavedTrees()
        let tree = RandomTree(seed: seed).directory()
        let record = try saved.save(tree)
        let walk = try SnapshotWalk(record.root, of: record, path: [], reader: saved.reader())
        var found: [String] = []
        while walk.depth > 0 {
            guard let next = try walk.next() else {
                walk.leave()
                continue
            }
            #expect(walk.depth == walk.path.split(separator: 0x2f).count)
            #expect(walk.path == walk.directory + (walk.depth > 1 ? [0x2f] : []) + next.entry.name)
            found.append(String(decoding: walk.path, as: UTF8.self))
            if next.entry.kind == .directory { try walk.enter(next) }
        }
        let right = ["web"] + tree.below("web").map(\.path)
        let wrong = found.difference(from: right)
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
        // Below a path of its own, one level only.
        let item = try saved.item(record, "web")
        let top = try SnapshotWalk(
            item.directory ?? .empty, of: record, path: Array("a/b".utf8), reader: saved.reader())
        var names: [String] = []
        while try top.next() != nil { names.append(String(decoding: top.path, as: UTF8.self)) }
        #expect(names == tree.names.map { "a/b/\($0)" } && top.depth == 1)
    }

    @Test("goes on behind what is damaged, and says where it is")
    func damage() throws {
        let saved = try SavedTrees()
        var wide: [String: MadeTree.Node] = [:]
        for number in 0..<2000 {
            var entry = Entry(name: [], kind: .symlink, permissions: 0o777, modified: Instant(seconds: 1))
            entry.linkTarget = noise(1000, seed: UInt64(number)).map { $0 | 1 }
            wide["n\(10_000 + number)"] = .other(entry)
        }
        let record = try saved.save(.directory(["a": .file([1]), "wide": .directory(wide), "z": .file([1])]))
        var pages: [ChunkID] = []
        try saved.reader().walk(saved.item(record, "web/wide").directory ?? .empty) { id, _ in pages.append(id) }
        try saved.damage(pages[1])
        let walk = try SnapshotWalk(record.root, of: record, path: [], reader: saved.reader())
        var found: [String] = []
        var unread = Unread()
        while walk.depth > 0 {
            do {
                guard let next = try walk.next() else {
                    walk.leave()
                    continue
                }
                found.append(String(decoding: walk.path, as: UTF8.self))
                if next.entry.kind == .directory { try walk.enter(next) }
            } catch { try unread.noteDamage(String(decoding: walk.directory, as: UTF8.self), "lost", error) }
        }
        #expect(unread.damaged > 0 && unread.findings.allSatisfy { $0.object == "web/wide" })
        #expect(found.prefix(3) == ["web", "web/a", "web/wide"] && found.last == "web/z")
        #expect(found.count > 500 && found.count < 2004 && found == found.sorted())
    }

    @Test("of what cannot be read a thousand are named, all are counted, and what is no damage is thrown on")
    func unread() throws {
        var unread = Unread()
        for number in 0..<1500 { try unread.noteDamage("\(number)", "lost", Failure(.damaged, "x")) }
        #expect(unread.findings.count == 1000 && unread.damaged == 1500 && unread.findings[999].object == "999")
        #expect(unread.findings[0].sentence == "lost: x")
        for kind in FailureKind.allCases where kind != .damaged {
            #expect(throws: Failure(kind, "y")) { try unread.noteDamage("", "", Failure(kind, "y")) }
        }
        #expect(unread.damaged == 1500)
    }
}
