import DataSources
import Entries
import Formats
import Glibc
import Platform
import Repositories
import Restores
import Storage
import TestDoubles
import TestRepositories
import Testing

/// Trees of one who has the keys and wants to reach what lies outside the target, or never to end.
@Suite("A restore of a hostile tree")
struct HostileTreeTests {
    /// A folder with something that must stay as it is, beside the target `out`.
    private struct Ground {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder("hostile")
            try folder.write("outside/canary", text: "as it was")
        }

        /// Restores the newest snapshot.
        @discardableResult
        func restore(_ made: TestRepository, _ rule: OverwriteRule = .never, deletes: Bool = false) throws
            -> RestoreOutcome
        {
            let record = try #require(try made.repository.records().last)
            var plan = RestorePlan.whole(
                record, target: folder.path("out"), overwrite: rule, numericOwner: true)
            plan.deletes = deletes
            return try RestoreRun(made.repository, index: try made.repository.loadIndex(), plan: plan).run()
        }

        /// Nothing but the target has changed.
        func isUnharmed() throws {
            let top = try Directory(folder.bytes)
            #expect(try top.names().map { printable($0) }.filter { $0 != "out" } == ["outside"])
            let outside = try Directory(Array("outside".utf8), in: top)
            #expect(try outside.names().map { printable($0) } == ["canary"])
            #expect(try outside.status(of: Array("canary".utf8)).links == 1)
            let canary = try FileTree.read(folder.path("outside/canary"), limit: 100)
            #expect(canary == Array("as it was".utf8))
        }

        func names(_ path: String = "out/web") throws -> [String] {
            try Directory(folder.path(path)).names().map { printable($0) }
        }
    }

    @Test(
        "names that lead out of the target, or are none, are refused, and what comes before them is there",
        arguments: [
            "..", ".", "", "/etc/salvor-was-here", "../outside/evil", "a/b", "x\0y", "\0",
            String(repeating: "n", count: 4097),
        ])
    func names(name: String) throws {
        let ground = try Ground()
        let forgery = try Forgery()
        for kind in 1...4 {
            let forgery = try Forgery(forgery.made)
            let entry =
                switch kind {
                case 1: try forgery.file("", [1, 2, 3])
                case 2: RawEntry.directory("", try forgery.page([forgery.file("evil", [1])]))
                case 3: RawEntry.symlink("", to: "/etc")
                default: RawEntry(4, [])
                }
            let page = [try forgery.file("!", [7]), entry.named(Array(name.utf8))]
            try forgery.commit(web: forgery.page(page))
            let outcome = try ground.restore(forgery.made, .ifChanged)
            #expect(outcome.isDamaged && outcome.missing.map(\.object) == ["web"], "\(outcome.missing)")
            #expect(outcome.missing[0].sentence.contains("tree page"), "\(outcome.missing)")
            #expect(try ground.names() == ["!"])
            try ground.isUnharmed()
        }
        // The same for what the snapshot calls its sources.
        let root = try forgery.page([RawEntry.directory(name, try forgery.page([forgery.file("evil", [1])]))])
        try forgery.commit(root: root)
        #expect(try ground.restore(forgery.made, .ifChanged).isDamaged)
        try ground.isUnharmed()
        #expect((try? FileStatus(of: Array("/etc/salvor-was-here".utf8), following: false)) == nil)
    }

    @Test("a name that comes twice, or out of order, is refused: no child is written through a symlink before it")
    func order() throws {
        let ground = try Ground()
        let forgery = try Forgery()
        let evil = try forgery.page([forgery.file("canary", [1])])
        try forgery.commit(web: evil)
        let link = RawEntry.symlink("a", to: ground.folder.path + "/outside")
        let pages = [
            [link, RawEntry.directory("a", evil)], [.directory("a", evil), link],
            [.directory("b", evil), link, .directory("b", evil)], [link, .directory("A", evil)],
        ]
        for page in pages {
            let forgery = try Forgery(forgery.made)
            try forgery.commit(web: forgery.page(page))
            let outcome = try ground.restore(forgery.made, .always)
            // The directory that an earlier round has made is not removed for a symlink.
            let objects = outcome.missing.map(\.object)
            #expect(outcome.isDamaged && objects.first == "web", "\(objects)")
            #expect(["web", "web/a"].starts(with: objects), "\(objects)")
            try ground.isUnharmed()
        }
    }

    @Test(
        "a symlink that an earlier restore left is replaced, never gone through",
        arguments: [OverwriteRule.ifChanged, .always])
    func symlinkInTheWay(rule: OverwriteRule) throws {
        for target in ["/outside", "/outside/canary", "/nowhere"] {
            let ground = try Ground()
            let first = try Forgery()
            let link = RawEntry.symlink("a", to: ground.folder.path + target)
            try first.commit(web: first.page([link, link.named([0x62])]))
            try ground.restore(first.made)
            let second = try Forgery(first.made)
            try second.commit(
                web: second.page([
                    .directory("a", second.page([second.file("canary", [1]), second.file("new", [2])])),
                    second.file("b", [3]),
                ]))
            let outcome = try ground.restore(second.made, rule, deletes: true)
            #expect(outcome.missing == [] && outcome.files == 3)
            #expect(try ground.names("out/web/a") == ["canary", "new"])
            #expect(try Directory(ground.folder.path("out/web")).status(of: [0x62]).isRegular)
            try ground.isUnharmed()
        }
        // The source itself.
        let ground = try Ground()
        let first = try Forgery()
        try first.commit(root: first.page([.symlink("web", to: ground.folder.path + "/outside")]))
        try ground.restore(first.made)
        let second = try Forgery(first.made)
        try second.commit(web: second.page([second.file("canary", [1])]))
        try ground.restore(second.made, rule, deletes: true)
        try ground.isUnharmed()
        #expect(try ground.names() == ["canary"])
    }

    @Test("hard-link groups of symlinks and of other things stay in the target, whatever they point to")
    func linkGroups() throws {
        let ground = try Ground()
        let forgery = try Forgery()
        func grouped(_ entry: RawEntry, _ name: String) -> RawEntry {
            var entry = entry.named(Array(name.utf8))
            (entry.links, entry.inode, entry.device) = (9, 5, 1)
            return entry
        }
        let link = RawEntry.symlink("", to: ground.folder.path + "/outside/canary")
        let file = try forgery.file("", [1, 2, 3])
        let below = try forgery.page([grouped(file, "f3"), grouped(link, "l3"), grouped(RawEntry(4, []), "p3")])
        try forgery.commit(
            web: forgery.page([
                .directory("d", below), grouped(file, "f1"), grouped(file, "f2"), grouped(link, "l1"),
                grouped(link, "l2"), grouped(RawEntry(4, []), "p1"),
            ]))
        for rule in [OverwriteRule.never, .always] {
            let outcome = try ground.restore(forgery.made, rule)
            #expect(outcome.missing == [] && !outcome.isDamaged, "\(outcome.missing)")
            try ground.isUnharmed()
        }
        let web = try Directory(ground.folder.path("out/web"))
        for name in ["l1", "l2"] {
            let status = try web.status(of: Array(name.utf8))
            #expect(status.isSymlink && status.links == 3)
        }
        #expect(try web.status(of: Array("f1".utf8)).links == 3)
    }

    /// Entries that no reader may take, each called `x`.
    private static func broken(_ forgery: Forgery) throws -> [(String, RawEntry)] {
        let content = try forgery.content([1, 2, 3])
        let file = try forgery.file("x", [1, 2, 3])
        func with(_ entry: RawEntry, _ tag: UInt8, _ payload: [UInt8]) -> RawEntry {
            var entry = entry
            entry.fields.append((tag, payload))
            return entry
        }
        func holes(_ numbers: UInt64...) -> [UInt8] {
            RawBytes.varint(UInt64(numbers.count / 2)) + numbers.flatMap { RawBytes.varint($0) }
        }
        var permissions = file
        permissions.permissions = 0o10000
        return [
            ("a hole outside", with(file, 7, holes(1, 3))), ("a hole of nothing", with(file, 7, holes(1, 0))),
            ("a hole that wraps", with(file, 7, holes(2, .max))),
            ("holes that wrap", with(file, 7, holes(1, 1, .max, 2))),
            ("a million holes that are not there", with(file, 7, RawBytes.varint(1 << 20))),
            ("more holes than may be", with(file, 7, RawBytes.varint(1 << 40))),
            ("attributes that are not there", with(file, 5, RawBytes.varint(4096))),
            ("attributes twice", with(file, 5, [2] + (0..<2).flatMap { _ in RawBytes.sized([0x61]) + [0] })),
            ("a field twice", with(file, 1, sha256([1]) + RawEntry.bytes(content))),
            ("an unknown field", with(file, 60, [])),
            ("a file without content", RawEntry(1, [0x78])), ("a directory without pages", RawEntry(2, [0x78])),
            ("a link to nothing", RawEntry(3, [0x78], [(3, [])])),
            ("a link with NUL", RawEntry(3, [0x78], [(3, [0x61, 0])])),
            ("a device without number", RawEntry(6, [0x78])),
            ("a FIFO with content", with(RawEntry(4, [0x78]), 4, [1])),
            ("a kind that is none", RawEntry(9, [0x78])), ("permissions that are none", permissions),
            (
                "lists too deep",
                .file("x", Content(length: 3, depth: 5, items: content.items), digest: sha256([1, 2, 3]))
            ),
            (
                "items beyond the length",
                .file("x", Content(length: 4, depth: 0, items: content.items), digest: sha256([1]))
            ),
            (
                "items that wrap",
                .file(
                    "x",
                    Content(
                        length: 2, depth: 0,
                        items: [
                            .init(id: content.items[0].id, covered: .max), .init(id: content.items[0].id, covered: 3),
                        ]), digest: sha256([1]))
            ),
            ("more items than may be", RawEntry(1, [0x78], [(1, sha256([]) + [1, 0] + RawBytes.varint(1 << 50))])),
        ]
    }

    @Test("entries that are not whole, or hold what they cannot, are refused one and all")
    func entries() throws {
        let ground = try Ground()
        let forgery = try Forgery()
        for (label, entry) in try Self.broken(forgery) {
            let forgery = try Forgery(forgery.made)
            try forgery.commit(web: forgery.page([try forgery.file("a", [7]), entry]))
            let outcome = try ground.restore(forgery.made, .ifChanged)
            // A field of a later version is no damage.
            #expect(outcome.isDamaged == (label != "an unknown field"), "\(label): \(outcome.missing)")
            #expect(outcome.missing.map(\.object) == ["web"], "\(label): \(outcome.missing)")
            #expect(try ground.names() == ["a"], "\(label)")
            try ground.isUnharmed()
        }
        // The same with nothing wrong in it.
        let honest = try Forgery(forgery.made)
        var good = try honest.file("x", [0, 0, 0])
        good.fields += [(5, [1] + RawBytes.sized(Array("user.a".utf8)) + [0]), (7, [1, 1, 2])]
        try honest.commit(web: honest.page([try honest.file("a", [7]), good]))
        #expect(try ground.restore(honest.made, .ifChanged).missing == [] && ground.names() == ["a", "x"])
    }

    @Test("pages that are cut off, or no pages, are refused")
    func pages() throws {
        let ground = try Ground()
        let forgery = try Forgery()
        let file = try forgery.file("x", [1, 2, 3])
        let pages: [[UInt8]] = [
            [], [1], [2], [1, 0], [1, 0xff, 0xff, 0xff, 0x7f], [1] + file.bytes.dropLast(), [1] + file.bytes + [0xff],
            [1] + RawBytes.varint(1 << 40),
        ]
        for page in pages where !page.isEmpty {
            let forgery = try Forgery(forgery.made)
            try forgery.commit(web: forgery.rawPage(page))
            #expect(try !ground.restore(forgery.made, .ifChanged).missing.isEmpty, "\(page)")
        }
    }

    @Test("devices, sizes and attributes that no system takes cost their own item alone")
    func strange() throws {
        let ground = try Ground()
        let forgery = try Forgery()
        var attributes = try forgery.file("attributes", [1])
        let value = [UInt8](repeating: 5, count: 1 << 20)
        attributes.fields.append(
            (
                5,
                [2] + RawBytes.sized(Array("nobody.knows".utf8)) + RawBytes.sized([1])
                    + RawBytes.sized(Array("user.large".utf8)) + RawBytes.sized(value)
            ))
        try forgery.commit(
            web: forgery.page([
                forgery.file("a", [7]), attributes,
                RawEntry(7, Array("block".utf8), [(4, RawBytes.varint(.max))]),
                RawEntry(6, Array("character".utf8), [(4, RawBytes.varint(1 << 63))]),
                RawEntry(3, Array("long".utf8), [(3, [UInt8](repeating: 0x61, count: 70_000))]),
                forgery.file("z", [8]),
            ]))
        let outcome = try ground.restore(forgery.made)
        let names = try ground.names()
        #expect(names.contains("a") && names.contains("z") && names.contains("attributes"))
        #expect(outcome.missing.contains { $0.object == "web/long" })
        #expect(outcome.fidelity.contains { $0.object == "web/attributes" }, "\(outcome.fidelity)")
        try ground.isUnharmed()
    }

    @Test("a file that claims to have more bytes than there are in the world is refused, and the others come")
    func endlessFile() throws {
        let ground = try Ground()
        let forgery = try Forgery()
        var item = Content.Item(
            id: try forgery.chunk(.content, [UInt8](repeating: 0, count: 1 << 20)), covered: 1 << 20)
        for times in [4096, 4096, 4096, 32] { item = try forgery.list(item, times: times) }
        let content = Content(length: item.covered, depth: 4, items: [item])
        var hole = RawEntry.file("hole", content, digest: sha256([]))
        hole.fields.append((7, [1, 0] + RawBytes.varint(item.covered)))
        let full = RawEntry.file("full", content, digest: sha256([]))
        try forgery.commit(web: forgery.page([forgery.file("a", [7]), full, hole, forgery.file("z", [8])]))
        #expect(item.covered > 1 << 60)
        let outcome = try ground.restore(forgery.made)
        #expect(outcome.isDamaged && outcome.missing.map(\.object) == ["web/full", "web/hole"])
        #expect(outcome.missing.allSatisfy { $0.sentence.contains("\(item.covered) bytes") })
        #expect(try ground.names() == ["a", "z"])
    }

    @Test("directories that hold each other without end stop the restore; told or few, they are all made")
    func endlessTree() throws {
        let forgery = try Forgery()
        var pages = try forgery.page([forgery.file("leaf", [1])])
        var trees = [pages]
        for _ in 0..<60 {
            pages = try forgery.page([.directory("a", pages), .directory("b", pages)])
            trees.append(pages)
        }
        try forgery.commit(web: trees[9])
        let ground = try Ground()
        let outcome = try ground.restore(forgery.made)
        #expect(outcome.missing == [] && outcome.directories == 1023 && outcome.files == 512)
        let endless = try Forgery(forgery.made)
        try endless.commit(web: trees[60])
        try FileTree.remove(ground.folder.path("out"))
        let failure = #expect(throws: Failure.self) { try ground.restore(endless.made) }
        #expect(failure?.kind == .damaged && failure?.description.contains("without end") == true)
        #expect(failure?.description.contains("of which 61 are different") == true, "\(String(describing: failure))")
        try ground.isUnharmed()
    }
}
