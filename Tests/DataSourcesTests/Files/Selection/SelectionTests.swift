import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("What a selection leaves out of a tree")
struct SelectionTests {
    private static let signature = Array("Signature: 8a477f597d28d172789f06886806bc55\n".utf8)

    @Test("what patterns mean is not taken, nor what lies below; the rest is, and both are counted")
    func patterns() throws {
        let tree = try SelectedTree(
            "a.tmp", "keep.tmp", "sub/b.tmp", "sub/c", "cache/deep/d", "other/cache/", "x/cache.c")
        let recording = try tree.capture(try SelectedTree.excluding("*.tmp", "!keep.tmp", "cache/", "/nothing"))
        #expect(try SelectedTree.paths(recording) == ["keep.tmp", "other/", "sub/", "sub/c", "x/", "x/cache.c"])
        let outcome = try #require(recording.outcome.selection)
        #expect(outcome.entries == 4)
        #expect(outcome.unusedPatterns.map(\.pattern.text) == [Array("/nothing".utf8)])
    }

    @Test("the rules and what they left out are in the manifest, beside what it always holds")
    func manifest() throws {
        let tree = try SelectedTree("a.tmp", "sub/", "marked/.nobackup", "marked/x", "b")
        try tree.write("big", Array(repeating: 1, count: 101))
        var selection = try SelectedTree.excluding("*.tmp", "\u{e9}")
        selection.largestFileBytes = 100
        selection.markers = [Array(".nobackup".utf8)]
        selection.excludesCaches = true
        let manifest = try tree.capture(selection).outcome.manifest
        #expect(manifest["files"]?.whole == 2)
        #expect(manifest["directories"]?.whole == 3)
        #expect(manifest["bytes"]?.whole == 0)
        let expected: JSONValue = [
            "exclude": ["*.tmp", "\u{e9}"], "excludeCaches": true, "excludeIfPresent": [".nobackup"],
            "excludeLargerThan": 100, "oneFileSystem": false, "filesFrom": .null,
            "leftOut": ["entries": 3, "bytes": 101, "caches": 0, "marked": 1, "mounts": 0, "large": 1],
        ]
        #expect(manifest["selection"] == expected)
        #expect(try tree.capture(FileSelection()).outcome.manifest["selection"] == .null)
        #expect(try tree.capture(FileSelection()).outcome.selection == nil)
    }

    @Test("of a directory with a valid tag only the tag is kept, itself too, and what only looks like a tag is none")
    func caches() throws {
        let tree = try SelectedTree(
            "cache/x/y", "cache/z", "short/x", "other/x", "link/x", "directory/CACHEDIR.TAG/", "in/x")
        try tree.write("cache/CACHEDIR.TAG", Self.signature)
        try tree.write("short/CACHEDIR.TAG", Array(Self.signature.prefix(42)))
        try tree.write("other/CACHEDIR.TAG", Array("signature: 8a477f597d28d172789f06886806bc55".utf8))
        let link = try Directory(tree.root + Array("/link".utf8))
        try link.makeSymlink(Array("CACHEDIR.TAG".utf8), to: Array("../cache/CACHEDIR.TAG".utf8))
        try tree.write("in/cachedir.tag", Self.signature)
        var selection = FileSelection()
        selection.excludesCaches = true
        let recording = try tree.capture(selection)
        #expect(
            try SelectedTree.paths(recording) == [
                "cache/", "cache/CACHEDIR.TAG", "directory/", "directory/CACHEDIR.TAG/", "in/", "in/cachedir.tag",
                "in/x", "link/", "link/CACHEDIR.TAG", "link/x", "other/", "other/CACHEDIR.TAG", "other/x", "short/",
                "short/CACHEDIR.TAG", "short/x",
            ])
        #expect(recording.bytes("cache/CACHEDIR.TAG") == Self.signature)
        #expect(recording.outcome.selection?.caches == 1)
        #expect(recording.outcome.selection?.entries == 2)
        #expect(try tree.taken(FileSelection()).contains("cache/x/y"))
    }

    @Test("of a directory with a marker only the marker is kept; one that is a directory is kept empty")
    func markers() throws {
        let tree = try SelectedTree(
            "a/.nobackup", "a/b/c", "a/d", "b/.git/config", "b/src", "c/e/.nobackup", "c/e/f", "c/g")
        var selection = FileSelection()
        selection.markers = [Array(".nobackup".utf8), Array(".git".utf8)]
        let recording = try tree.capture(selection)
        #expect(
            try SelectedTree.paths(recording) == [
                "a/", "a/.nobackup", "b/", "b/.git/", "c/", "c/e/", "c/e/.nobackup", "c/g",
            ])
        #expect(recording.outcome.selection?.marked == 3)
        #expect(recording.outcome.selection?.entries == 4)
    }

    @Test("a directory that is a cache and has a marker keeps both marks, and the root obeys the rules as well")
    func bothMarks() throws {
        let tree = try SelectedTree(".nobackup", "x/y", "z")
        try tree.write("CACHEDIR.TAG", Self.signature)
        var selection = FileSelection()
        selection.excludesCaches = true
        selection.markers = [Array(".nobackup".utf8)]
        #expect(try tree.taken(selection) == [".nobackup", "CACHEDIR.TAG"])
    }

    @Test("files of more bytes than the limit are left out, those of as many are not, and only regular ones count")
    func large() throws {
        let tree = try SelectedTree("empty", "sub/")
        try tree.write("exact", Array(repeating: 1, count: 1000))
        try tree.write("more", Array(repeating: 1, count: 1001))
        try Directory(tree.root).makeSymlink(Array("link".utf8), to: Array(repeating: 0x78, count: 2000))
        var selection = FileSelection()
        selection.largestFileBytes = 1000
        let recording = try tree.capture(selection)
        #expect(try SelectedTree.paths(recording) == ["empty", "exact", "link", "sub/"])
        #expect(recording.outcome.selection?.large == 1)
        #expect(recording.outcome.selection?.bytes == 1001)
        selection.largestFileBytes = 0
        #expect(try tree.taken(selection) == ["empty", "link", "sub/"])
    }

    @Test("a rule never leaves out the source itself, be it a directory or a file")
    func root() throws {
        let tree = try SelectedTree("tree", "b")
        try tree.write("file", Array(repeating: 1, count: 50))
        var selection = try SelectedTree.excluding("tree", "file")
        selection.largestFileBytes = 10
        #expect(try tree.taken(selection) == ["b"])
        let file = FilesAdapter(path: tree.root + Array("/file".utf8), selection: selection)
        #expect(try RecordingSink.record(file).sink.root?.bytes?.count == 50)
    }

    @Test("what is excluded by its name is not even looked at; what depends on its kind is")
    func notLookedAt() throws {
        let tree = try SelectedTree("gone", "kind", "z")
        let sink = VanishingSink(tree.root, removing: ["gone", "kind"])
        _ = try FilesAdapter(path: tree.root, selection: try SelectedTree.excluding("gone", "kind/"))
            .capture(into: sink, context: CaptureContext(rowHashKey: [], readers: 1, clock: SystemClock()))
        #expect(sink.findings == [Finding(.notice, "kind", "vanished while the tree was read")])
        #expect(sink.names == ["z"])
    }

    @Test("what is excluded tonight is gone, what is excluded no more is back, and the rest is taken over")
    func nights() throws {
        let tree = try SelectedTree("a.tmp", "b", "cache/c", "d/e.tmp", "d/f")
        let first = try tree.capture(try SelectedTree.excluding("*.tmp"))
        #expect(try SelectedTree.paths(first) == ["b", "cache/", "cache/c", "d/", "d/f"])
        let second = try tree.capture(try SelectedTree.excluding("cache/"), parent: first.sink)
        #expect(try SelectedTree.paths(second) == ["a.tmp", "b", "d/", "d/e.tmp", "d/f"])
        #expect(second.sink.takenOver == [[Array("b".utf8)], [Array("d".utf8), Array("f".utf8)]])
        let third = try tree.capture(FileSelection(), parent: second.sink)
        #expect(try SelectedTree.paths(third) == ["a.tmp", "b", "cache/", "cache/c", "d/", "d/e.tmp", "d/f"])
        #expect(third.sink.takenOver.count == 4)
    }

    @Test("trees made at random are taken as the list says of each path alone", arguments: 0..<30)
    func random(seed: Int) throws {
        let maker = PatternMaker(seed: UInt64(seed))
        let paths = maker.tree()
        let tree = try SelectedTree(paths)
        for _ in 0..<6 {
            let lines = maker.list(for: Array(paths.keys)).split(separator: 0x0a)
            let patterns = lines.compactMap { try? PathPattern(line: $0) }
            let alone = PathPatterns(patterns)
            let recording = try tree.capture(
                FileSelection(excluding: patterns.map { FileSelection.Pattern($0, origin: "list") }))
            let expected = paths.filter { !alone.excludes(path: $0.key, isDirectory: $0.value) }
            #expect(
                Set(try SelectedTree.entries(recording).map { $0.path }) == Set(expected.keys),
                "seed \(seed): \(patterns.map { printable($0.text) })")
        }
    }
}
