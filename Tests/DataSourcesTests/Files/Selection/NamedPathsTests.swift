import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Lists of paths")
struct NamedPathsTests {
    private func selection(
        _ list: [UInt8], nul: Bool = false, root: [UInt8], pieces: Int = 7
    ) throws -> FileSelection {
        var selection = FileSelection()
        selection.list = try NamedPaths(
            [PathList(name: "list", endsWithNUL: nul, input: GivenInput(list, pieceBytes: pieces))], root: root)
        return selection
    }

    private func taken(_ tree: SelectedTree, _ list: String) throws -> [String] {
        try tree.taken(try selection(Array(list.utf8), root: tree.root))
    }

    private func missing(_ tree: SelectedTree, _ list: String) throws -> [Finding] {
        try tree.capture(try selection(Array(list.utf8), root: tree.root)).findings
    }

    @Test("only what is named is taken, with the directories above it, and a directory stands for everything in it")
    func named() throws {
        let tree = try SelectedTree("a", "b/c", "b/d", "b/e/f", "b/e/g/h", "i/j", "k/l/m")
        #expect(try taken(tree, "b/c\nk\n") == ["b/", "b/c", "k/", "k/l/", "k/l/m"])
        #expect(try taken(tree, "b/e/") == ["b/", "b/e/", "b/e/f", "b/e/g/", "b/e/g/h"])
        #expect(try taken(tree, "b/e/g/h\nb/e") == ["b/", "b/e/", "b/e/f", "b/e/g/", "b/e/g/h"])
        #expect(try taken(tree, "./a\n\n.//i/./j\na\n") == ["a", "i/", "i/j"])
        #expect(try taken(tree, "") == [])
        #expect(try taken(tree, ".").count == 13)
    }

    @Test("names come in the order of their bytes, whatever stands between them in the list")
    func order() throws {
        let tree = try SelectedTree("a/x", "a-b", "a.b/y", "a0/z", "aa")
        let expected = ["a/", "a/x", "a-b", "a.b/", "a.b/y", "a0/", "a0/z", "aa"]
        #expect(try taken(tree, "aa\na.b/y\na/x\na0\na-b") == expected)
    }

    @Test("a path may be absolute, by the source's place or by where that leads")
    func absolute() throws {
        let tree = try SelectedTree("a/b", "c")
        let top = try Directory(tree.folder.bytes)
        try top.makeSymlink(Array("link".utf8), to: Array("tree".utf8))
        let link = tree.folder.path("link")
        for place in [tree.root, link] {
            let list = try selection(place + Array("/a/b".utf8), root: link)
            let recording = try RecordingSink.record(FilesAdapter(path: link, selection: list))
            #expect(try SelectedTree.paths(recording) == ["a/", "a/b"], "\(printable(place))")
        }
        let whole = try selection(tree.root + [0x0a], root: tree.root)
        #expect(try tree.taken(whole) == ["a/", "a/b", "c"])
    }

    @Test(
        "a path that lies elsewhere is wrong usage, with its line",
        arguments: ["/etc/passwd", "../x", "..", "a/../../x", "a/..", "/", "TREEx/a"])
    func outside(path: String) throws {
        let tree = try SelectedTree("a/b")
        let text = path.replacing("TREE", with: printable(tree.root))
        let failure = #expect(throws: Failure.self) {
            try selection(Array("a\n\(text)\n".utf8), root: tree.root)
        }
        #expect(failure?.kind == .usage)
        #expect(failure?.sentence.hasPrefix("list:2: ") == true, "\(String(describing: failure))")
    }

    @Test("a NUL in a list of lines is wrong usage, and the hint names the other kind of list")
    func misreadNUL() throws {
        let tree = try SelectedTree("a")
        let failure = #expect(throws: Failure.self) { try selection(Array("a\0b\0".utf8), root: tree.root) }
        #expect(failure?.kind == .usage)
        #expect(failure?.hint?.contains("--files-from0") == true)
        let long = Array(repeating: UInt8(ascii: "a"), count: 100_000)
        for nul in [false, true] {
            let failure = #expect(throws: Failure.self) {
                try selection(long + [nul ? 0 : 0x0a], nul: nul, root: tree.root, pieces: 5000)
            }
            #expect(failure?.kind == .usage)
        }
    }

    @Test("with NULs a name may hold a line break, and blanks and comment signs are bytes like others")
    func lineBreaks() throws {
        let names: [[UInt8]] = [Array("a\nb".utf8), Array(" #c ".utf8), [0xff, 0x0a], Array("d\r".utf8)]
        let tree = try SelectedTree(Dictionary(uniqueKeysWithValues: (names + [Array("e".utf8)]).map { ([$0], false) }))
        let list = try selection(Array(names.joined(separator: [0])), nul: true, root: tree.root)
        #expect(Set(try SelectedTree.entries(try tree.capture(list)).map { $0.path }) == Set(names.map { [$0] }))
    }

    @Test("what is named and not there is missing, by itself or with the place where it would lie")
    func absent() throws {
        let tree = try SelectedTree("a", "dir/b", "dir/d", "whole/x")
        try Directory(tree.root).makeSymlink(Array("link".utf8), to: Array("dir".utf8))
        let list = "a\ndir/c\nno/x\nnone/y\nnone/z\na/deep\nlink/b\nlink/d\nwhole\nwhole/gone\nwhole/x\n"
        let findings = try missing(tree, list)
        #expect(findings.allSatisfy { $0.weight == .missing })
        #expect(findings.map(\.object) == ["a/deep", "dir/c", "link", "no/x", "none", "whole/gone"])
        #expect(findings[2].sentence.contains("symlink") && findings[2].sentence.contains("2 paths"))
        #expect(findings[4].sentence.contains("2 paths"))
        #expect(try taken(tree, list) == ["a", "dir/", "whole/", "whole/x"])
    }

    @Test("a list with nothing but what is not there gives a thousand findings, and the number of the rest")
    func manyAbsent() throws {
        let tree = try SelectedTree("a")
        let list = (0..<2500).map { "gone-\($0)" }.joined(separator: "\n")
        let findings = try missing(tree, list)
        #expect(findings.count == 1001)
        #expect(findings.last?.sentence.contains("1,500") == true)
    }

    @Test("the other rules hold for what is named, too")
    func withRules() throws {
        let tree = try SelectedTree("a.tmp", "b", "m/.keep", "m/x", "m/y", "sub/c.tmp", "sub/d")
        try tree.write("big", Array(repeating: 1, count: 100))
        var selection = try SelectedTree.excluding("*.tmp")
        selection.largestFileBytes = 50
        selection.markers = [Array(".keep".utf8)]
        selection.list = try NamedPaths(
            [
                PathList(
                    name: "list", endsWithNUL: false, input: GivenInput(Array("a.tmp\nb\nbig\nm/x\nm/.keep\nsub".utf8)))
            ],
            root: tree.root)
        let recording = try tree.capture(selection)
        #expect(try SelectedTree.paths(recording) == ["b", "m/", "m/.keep", "sub/", "sub/d"])
        #expect(recording.findings.isEmpty, "what a rule leaves out is not missing")
        #expect(recording.outcome.selection?.entries == 4)
        #expect(recording.outcome.manifest["selection"]?["filesFrom"] == ["lists": ["list"], "paths": 6])
    }

    @Test("a directory that is only passed through is not listed")
    func passedThrough() throws {
        let tree = try SelectedTree("a/b", "a/c")
        let list = try selection(Array("a/b\na/gone\n".utf8), root: tree.root)
        // Nobody may list the directory, only pass; the superuser may all the same.
        guard Host.userID != 0 else { return #expect(try tree.taken(list) == ["a/", "a/b"]) }
        try FileMetadata.setPermissions(0o311, of: try Directory(tree.root + Array("/a".utf8)).number)
        #expect(try tree.taken(list) == ["a/", "a/b"])
    }

    @Test("lists made at random take what a look at each path alone would take", arguments: 0..<30)
    func random(seed: Int) throws {
        let maker = PatternMaker(seed: UInt64(1000 + seed))
        let paths = maker.tree()
        let tree = try SelectedTree(paths)
        let known = Array(paths.keys)
        for _ in 0..<6 {
            var named: [[[UInt8]]] = (0..<maker.random.next(below: 12)).map { _ in maker.pick(known) }
            named += (0..<3).map { _ in maker.pick(known) + [maker.name()] }
            let bytes = Array(named.map { Array($0.joined(separator: [0x2f])) }.joined(separator: [0]))
            let recording = try tree.capture(try selection(bytes, nul: true, root: tree.root))
            let expected = known.filter { path in
                named.contains { name in
                    paths[name] != nil && (path.starts(with: name) || (name.starts(with: path) && paths[path] == true))
                        || (paths[name] == nil && name.starts(with: path) && path.count < name.count
                            && paths[path] == true)
                }
            }
            let taken = try SelectedTree.entries(recording).map { $0.path }
            #expect(Set(taken) == Set(expected), "seed \(seed)")
            #expect(taken.count == expected.count)
            let absent = Set(named.filter { paths[$0] == nil })
            #expect(recording.findings.isEmpty == absent.isEmpty, "seed \(seed)")
            #expect(recording.findings.count <= absent.count)
        }
    }
}
