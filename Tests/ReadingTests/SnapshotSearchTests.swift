import DataSources
import Entries
import Formats
import Glibc
import Platform
import Reading
import Repositories
import TestDoubles
import TestRepositories
import Testing

@Suite("A search of snapshots")
struct SnapshotSearchTests {
    private func patterns(_ words: [String], ignoringCase: Bool = false) throws -> PathPatterns {
        PathPatterns(try words.map { try PathPattern(Array($0.utf8), ignoringCase: ignoringCase) })
    }

    /// What a search of several items finds, one line a match: the item's number and the path.
    private func lines(
        _ items: [SnapshotItem], _ reader: ChunkReader, first: Bool = false,
        _ change: (inout SearchCriteria) throws -> Void
    ) throws -> (lines: [String], search: SnapshotSearch) {
        var criteria = SearchCriteria()
        try change(&criteria)
        var lines: [String] = []
        var number = 0
        let search = SnapshotSearch(criteria, firstOnly: first, reader: reader) { _, path, _ in
            lines.append("\(number) \(String(decoding: path, as: UTF8.self))")
        }
        for item in items {
            try search.search(item, isLast: number == items.count - 1)
            number += 1
        }
        #expect(search.matches == lines.count)
        return (lines, search)
    }

    /// Whether the C library takes a pattern to mean a path; `**` it does not know.
    private func matches(_ pattern: String, _ path: String) -> Bool {
        let name = path.split(separator: "/").last.map { String($0) } ?? ""
        guard pattern.contains("/") else { return unsafe fnmatch(pattern, name, 0) == 0 }
        return unsafe fnmatch(pattern, path, FNM_PATHNAME) == 0
    }

    private static let words = [
        "a", "*.txt", "b*", "?", "*", "index.*", "[ab]", "no-such", "-x", "web", "web/a", "web/*/a", "web/*/*",
        "web/b/*",
        "web/*/*.png", "web/[a-c]/?", "*/a/b", "no/such", "web/é/*", "*\n*",
    ]

    @Test("finds what looking at everything finds, in random trees and several snapshots", arguments: UInt64(1)...30)
    func random(seed: UInt64) throws {
        let saved = try SavedTrees()
        let trees = RandomTree(seed: seed)
        var nodes = [trees.directory()]
        for _ in 0..<3 { nodes.append(trees.changed(nodes[nodes.count - 1])) }
        nodes.append(nodes[0])
        let records = try nodes.map { try saved.save($0) }
        let all = nodes.map { [(path: "web", node: $0)] + $0.below("web") }
        let reader = try saved.reader()
        let random = SeededRandomness(seed: seed &+ 1000)
        for _ in 0..<12 {
            let words = (0..<(1 + random.next(below: 3))).map { _ in Self.words[random.next(below: Self.words.count)] }
            let kinds = Set(Entry.Kind.allCases.filter { _ in random.next(below: 3) == 0 })
            let newer = random.next(below: 3) == 0 ? Instant(seconds: 1, nanoseconds: 5) : nil
            let larger = random.next(below: 3) == 0 ? UInt64(random.next(below: 30)) : nil
            for first in [false, true] {
                var seen: Set<String> = []
                var right: [String] = []
                for (number, tree) in all.enumerated().reversed() {
                    for (path, node) in tree where words.contains(where: { matches($0, path) }) {
                        if !kinds.isEmpty, !kinds.contains(node.entry.kind) { continue }
                        if let newer, node.entry.modified <= newer { continue }
                        if let larger, node.entry.kind != .file || node.entry.size <= larger { continue }
                        if first, !seen.insert(path).inserted { continue }
                        right.append("\(all.count - 1 - number) \(path)")
                    }
                }
                let found = try lines(records.reversed().map { SnapshotItem($0) }, reader, first: first) {
                    $0.patterns = try patterns(words)
                    $0.kinds = kinds
                    $0.newer = newer
                    $0.larger = larger
                }
                let wrong = found.lines.difference(from: right)
                #expect(wrong.isEmpty, "\(words) \(first): \(wrong.prefix(5))")
            }
        }
    }

    @Test("conditions hold beyond their bounds, not at them, and sizes and contents are those of files alone")
    func conditions() throws {
        let saved = try SavedTrees()
        var files: [String: MadeTree.Node] = [:]
        for size in 0..<5 {
            var file = MadeTree.Node.file([UInt8](repeating: UInt8(size), count: size))
            file.entry.modified = Instant(seconds: 100, nanoseconds: UInt32(size))
            files["f\(size)"] = file
        }
        files["d"] = .directory(["f2": .file([2, 2])])
        let item = SnapshotItem(try saved.save(.directory(files)))
        let reader = try saved.reader()
        func find(_ change: (inout SearchCriteria) throws -> Void) throws -> [String] {
            try lines([item], reader, change).lines.map { String($0.dropFirst(6)) }
        }
        #expect(try find { $0.larger = 3 } == ["f4"])
        #expect(try find { $0.smaller = 1 } == ["f0"])
        #expect(
            try find {
                $0.larger = 0
                $0.smaller = 3
            } == ["d/f2", "f1", "f2"])
        #expect(
            try find {
                $0.newer = Instant(seconds: 100, nanoseconds: 1)
                $0.older = Instant(seconds: 100, nanoseconds: 4)
            } == ["f2", "f3"])
        #expect(try find { $0.digest = sha256([2, 2]) } == ["d/f2", "f2"])
        #expect(try find { $0.digest = sha256([9]) } == [])
        #expect(try find { $0.patterns = try patterns(["F2", "D"], ignoringCase: true) } == ["d", "d/f2", "f2"])
        #expect(try find { $0.patterns = try patterns(["d/"]) } == ["d"])
        #expect(try find { $0.patterns = try patterns(["f2/"]) } == [])
        #expect(try find { $0.patterns = try patterns(["web/**/f2"]) } == ["d/f2", "f2"])
        #expect(try find { $0.patterns = try patterns(["/web/d/**"]) } == ["d/f2"])
        #expect(try find { $0.patterns = try patterns([#"\!x"#]) } == [])
    }

    @Test("an item is searched with everything in it; patterns for paths begin with the source's name all the same")
    func items() throws {
        let saved = try SavedTrees()
        let record = try saved.save(
            .directory(["one": .directory(["a": .file([1]), "one": .file([2])]), "two": .directory(["a": .file([])])]))
        let reader = try saved.reader()
        func find(_ path: String, _ word: String) throws -> [String] {
            try lines([saved.item(record, path)], reader) { $0.patterns = try patterns([word]) }.lines.map {
                String($0.dropFirst(2))
            }
        }
        #expect(try find("", "web") == ["web"] && find("web", "web") == ["web"])
        #expect(try find("web/one", "one") == ["web/one", "web/one/one"])
        #expect(try find("web/one", "a") == ["web/one/a"])
        #expect(try find("web/one/a", "a") == ["web/one/a"] && find("web/one/a", "b") == [])
        #expect(try find("web/two", "web/*/a") == ["web/two/a"])
        #expect(try find("web/two", "two/a") == [])
        #expect(try find("web/two", "web/one/a") == [] && find("web/one/one", "web/one/*") == ["web/one/one"])
    }

    @Test("directories with the same pages are not taken for each other: their paths differ")
    func twins() throws {
        let saved = try SavedTrees()
        let twin = MadeTree.Node.directory(["x": .file([1]), "in": .directory(["y": .file([2])])])
        let record = try saved.save(.directory(["a": twin, "b": twin, "c": twin]))
        let pages = try ["a", "b", "c"].map { try saved.item(record, "web/\($0)").entry?.content }
        #expect(pages[0] == pages[1] && pages[1] == pages[2])
        let reader = try saved.reader()
        for first in [false, true] {
            for (word, right) in [
                ("y", ["web/a/in/y", "web/b/in/y", "web/c/in/y"]), ("web/b/x", ["web/b/x"]),
                ("web/c/in/y", ["web/c/in/y"]), ("web/[bc]/in/*", ["web/b/in/y", "web/c/in/y"]),
            ] {
                let items = [SnapshotItem(record), SnapshotItem(record)]
                let found = try lines(items, reader, first: first) { $0.patterns = try patterns([word]) }.lines
                let expected = right.map { "0 " + $0 } + (first ? [] : right.map { "1 " + $0 })
                #expect(found == expected, "\(word) \(first)")
            }
        }
    }

    /// Directories that take several frames.
    private static let broad: MadeTree.Node = {
        var directories: [String: MadeTree.Node] = [:]
        for outer in 0..<30 {
            var entries: [String: MadeTree.Node] = [:]
            for inner in 0..<60 {
                var entry = Entry(name: [], kind: .symlink, permissions: 0o777, modified: Instant(seconds: 1))
                entry.linkTarget = noise(1000, seed: UInt64(outer * 1000 + inner)).map { $0 | 1 }
                entries["n\(inner)"] = .other(entry)
            }
            directories["d\(outer)"] = .directory(entries)
        }
        return .directory(directories)
    }()

    /// The same with one file that is another each time.
    private func broad(_ number: Int) -> MadeTree.Node {
        var tree = Self.broad
        tree.children["changed"] = .file([UInt8](repeating: 1, count: number), changed: 1000 + Int64(number))
        return tree
    }

    @Test("many snapshots of nearly the same tree cost little more than one")
    func memory() throws {
        let saved = try SavedTrees()
        let records = try (0..<40).map { try saved.save(broad($0)) }
        var whole: UInt64 = 0
        for word in ["no-such", "web/d*/no-such", "web/d7/n50"] {
            for first in [false, true] {
                // One that keeps a single frame, so that what is read again is seen.
                let one = try saved.reader(keeping: 1)
                let alone = try lines([SnapshotItem(records[39])], one, first: first) {
                    $0.patterns = try patterns([word])
                }
                let many = try saved.reader(keeping: 1)
                let found = try lines(records.reversed().map { SnapshotItem($0) }, many, first: first) {
                    $0.patterns = try patterns([word])
                }
                #expect(found.lines.count == alone.lines.count * (first ? 1 : 40))
                // The first word reads everything. Each snapshot has its own top, which lies in a frame of its own.
                whole = max(whole, one.bytesFetched)
                if word == "web/d7/n50" { #expect(one.bytesFetched < whole / 2, "no other directory is entered") }
                // What is to be found in each must be read in each.
                guard first || found.lines.isEmpty else { continue }
                let added = many.bytesFetched - one.bytesFetched
                #expect(added < whole / 2, "\(word) \(first): \(added) of \(whole)")
            }
        }
    }

    @Test("what is damaged is named in each snapshot that has it, and all else is searched")
    func damaged() throws {
        let saved = try SavedTrees()
        let records = [try saved.save(broad(1)), try saved.save(broad(2))]
        // In the middle of a pack, far from the pages that lead there.
        let content = try saved.item(records[1], "web/d15").entry?.content
        try saved.damage(try #require(content?.items.first?.id))
        let items = records.reversed().map { SnapshotItem($0) }
        let found = try lines(items, saved.reader()) { $0.patterns = try patterns(["n5*", "changed"]) }
        let named = found.search.unread.findings.map(\.object)
        for record in records { #expect(named.contains("\(record.shortIdentifier):web/d15"), "\(named)") }
        #expect(found.search.unread.damaged == named.count && named.count % 2 == 0)
        // Eleven names of the form n5* in each directory that can be read.
        let lost = named.count / 2
        #expect(lost < 30 && found.lines.count == 2 * (11 * (30 - lost) + 1))
        #expect(found.lines.filter { $0.hasSuffix("changed") } == ["0 web/changed", "1 web/changed"])
    }

    @Test("trees far deeper than a stack or a path may be, and a directory of very many names")
    func deepAndWide() throws {
        let folder = try TemporaryFolder("find")
        try DiskTree.makeDeep(3000, in: folder.path("in/deep"))
        try FileTree.makeDirectories(folder.path("in/wide"))
        let wide = try Directory(folder.path("in/wide"))
        for number in 0..<20_000 { try wide.makeSymlink(Array("n\(number)".utf8), to: [0x78]) }
        try wide.makeSymlink([0x6e, 0xff, 0x0a], to: [0x78])
        let saved = try SavedTrees()
        let item = SnapshotItem(try saved.save(FilesAdapter(path: folder.path("in"))))
        let reader = try saved.reader()
        #expect(try lines([item, item], reader) { $0.patterns = try patterns(["file"]) }.lines.count == 60)
        #expect(try lines([item, item], reader) { $0.patterns = try patterns(["n777?"]) }.lines.count == 20)
        #expect(try lines([item, item], reader) { $0.patterns = try patterns(["web/**/file"]) }.lines.count == 60)
        #expect(try lines([item, item], reader, first: true) { $0.kinds = [.directory] }.lines.count == 3003)
        let odd = PathPatterns([try PathPattern([0x6e, 0xff, 0x2a])])
        #expect(try lines([item], reader) { $0.patterns = odd }.lines.count == 1)
    }
}
