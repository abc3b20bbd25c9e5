import Formats
import Testing

@Suite("Patterns of a gitignore list")
struct PathPatternsTests {
    private func excludes(_ list: String, _ path: String, ignoringCase: Bool = false) throws -> Bool {
        let patterns = try PathPatterns(list: Array(list.utf8), ignoringCase: ignoringCase)
        let isDirectory = path.hasSuffix("/")
        return patterns.excludes(path: path.split(separator: "/").map { Array($0.utf8) }, isDirectory: isDirectory)
    }

    @Test(
        "a pattern means what git says it means",
        arguments: [
            // Without a slash: at every level.
            ("cache", "cache", true), ("cache", "a/b/cache", true), ("cache", "cache/x", true),
            ("cache", "caches", false),
            ("*.log", "a/b.log", true), ("*.log", "b.log/c", true),
            // With one, from the top alone.
            ("/cache", "cache", true), ("/cache", "a/cache", false), ("a/b", "a/b", true), ("a/b", "x/a/b", false),
            ("/a/b", "a/b", true), ("a/*", "a/b", true), ("a/*", "a", false), ("a/*/c", "a/b/c", true),
            ("a/*/c", "a/b/x/c", false), ("a/*/c", "a/c", false),
            // Directories only.
            ("cache/", "cache", false), ("cache/", "cache/", true), ("cache/", "a/cache/x", true),
            ("a/b/", "a/b", false), ("a/b/", "a/b/", true),
            // Any number of levels.
            ("**/x", "x", true), ("**/x", "a/b/x", true), ("**/x/y", "a/x/y", true), ("**/x/y", "x/y", true),
            ("x/**", "x", false), ("x/**", "x/", false), ("x/**", "x/a", true), ("x/**", "x/a/b", true),
            ("x/**", "a/x/b", false), ("a/**/b", "a/b", true), ("a/**/b", "a/x/b", true), ("a/**/b", "a/x/y/b", true),
            ("a/**/b", "x/a/b", false), ("a/**/**/b", "a/b", true), ("**", "a", true), ("/**", "a/b", true),
            ("**/", "a", false), ("**/", "a/", true), ("a/**/", "a/b", false), ("a/**/", "a/b/", true),
            ("a/**/b/**/c", "a/b/b/c", true), ("**/a/**/a", "a/x/a", true), ("a**/b", "axy/b", true),
            ("a**/b", "ax/y/b", false), ("**a/b", "xa/b", true), ("**a/b", "x/a/b", false),
            // What a backslash takes away.
            ("\\#x", "#x", true), ("#x", "#x", false), (#"\!x"#, "!x", true), (#"a\*"#, "a*", true),
            (#"a\*"#, "ab", false), (#"a\/b"#, "a/b", true), ("[a/]b", "ab", true), ("[a/]b", "x/ab", false),
            ("[!a]/b", "x/b", true),
            // Blanks.
            ("x ", "x", true), ("x   ", "x", true), ("**/***/x", "x", true), (#"x\ "#, "x ", true),
            (#"x\  "#, "x ", true), (" x", " x", true),
            ("x\t", "x\t", true), ("x\t", "x", false), ("x\r", "x", true), ("a b", "a b", true),
        ])
    func single(pattern: String, path: String, excluded: Bool) throws {
        #expect(try excludes(pattern, path) == excluded)
    }

    @Test(
        "the last pattern that means an entry decides",
        arguments: [
            ("*.log\n!keep.log", "keep.log", false), ("*.log\n!keep.log", "a/keep.log", false),
            ("!keep.log\n*.log", "keep.log", true), ("*\n!*.txt", "a.txt", false), ("*\n!*.txt", "a/b.txt", true),
            ("*\n!*/\n!*.txt", "a/b.txt", false), ("a/\n!a/b", "a/b", true), ("a/*\n!a/b", "a/b", false),
            ("/*\n!/a\n/a/*\n!/a/b", "a/b/c", false), ("/*\n!/a\n/a/*\n!/a/b", "a/c", true),
            ("x\n!x/", "x", true), ("x\n!x/", "x/", false), ("x\n\n# y\n!x", "x", false),
        ])
    func lists(list: String, path: String, excluded: Bool) throws {
        #expect(try excludes(list, path) == excluded)
    }

    @Test("a pattern that stands alone is taken as it is, comment and blanks too")
    func alone() throws {
        let hash = PathPatterns([try PathPattern(Array("#x#".utf8))])
        #expect(hash.excludes(path: [Array("#x#".utf8)], isDirectory: false))
        let blank = PathPatterns([try PathPattern(Array("x ".utf8))])
        #expect(blank.excludes(path: [Array("x ".utf8)], isDirectory: false))
        #expect(!blank.excludes(path: [Array("x".utf8)], isDirectory: false))
        #expect(try PathPattern(line: "#x#".utf8) == nil)
        #expect(try PathPattern(line: "  ".utf8) == nil)
        #expect(try PathPattern(line: "".utf8) == nil)
    }

    @Test("a list knows the lines of its patterns, and a mark of byte order is none of them")
    func numbered() throws {
        let list: [UInt8] = [0xef, 0xbb, 0xbf] + Array("a\r\n\n# no\n!b/\n".utf8)
        let patterns = try PathPatterns.numbered(list: list)
        #expect(patterns.map(\.line) == [1, 4])
        #expect(patterns.map { String(decoding: $0.pattern.text, as: UTF8.self) } == ["a", "!b/"])
        #expect(patterns[1].pattern.isNegated && patterns[1].pattern.directoriesOnly)
        #expect(!patterns[0].pattern.isNegated && !patterns[0].pattern.directoriesOnly)
    }

    @Test(
        "what could never match is refused, with its line",
        arguments: [
            "/", "!", "!/", "//", "a//b", "./a", "../a", "a/../b", "a/./b", "a/..", "a[b", #"a\"#, #"a\/"#,
            "[[:no:]]/a", "a\0b", "//a",
        ])
    func refused(pattern: String) {
        let problem = #expect(throws: PatternProblem.self) { try PathPatterns(list: Array("ok\n\n\(pattern)\n".utf8)) }
        #expect(problem?.line == 3)
        #expect(throws: PatternProblem.self) { try PathPattern(Array(pattern.utf8)) }
    }

    @Test("case is ignored when it is asked for")
    func caseIgnored() throws {
        #expect(try excludes("/Cache/*.TMP", "cACHE/a.tmp", ignoringCase: true))
        #expect(try excludes("*.tmp", "A.TMP", ignoringCase: true))
        #expect(try excludes("*.7", "A.7", ignoringCase: true))
        #expect(try !excludes("/Cache/*.TMP", "cACHE/a.tmp"))
        #expect(try !excludes("cache", "Cache"))
    }

    @Test("plain names in front are told, for who must know whether a pattern means a place outside")
    func literalStart() throws {
        func start(_ pattern: String) throws -> [String] {
            try PathPattern(Array(pattern.utf8)).literalStart.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try start("/srv/shop/*.log") == ["srv", "shop"])
        #expect(try start("!/srv/shop/") == ["srv", "shop"])
        #expect(try start("srv/**/x") == ["srv"])
        #expect(try start("srv") == [])
        #expect(try PathPattern(Array("!/srv/".utf8)).beginsWithSlash)
        #expect(try !PathPattern(Array("srv/a".utf8)).beginsWithSlash)
    }

    @Test("the patterns that never meant anything are known")
    func use() throws {
        let patterns = try PathPatterns(list: Array("*.log\n!keep.log\nnothing\ndirs/\n/a/b\n".utf8))
        var use = PatternUse(count: patterns.patterns.count)
        func see(_ name: String, _ isDirectory: Bool, _ place: PathPatterns.Place) {
            patterns.note(patterns.matches(Array(name.utf8), in: place), isDirectory: isDirectory, in: &use)
        }
        see("keep.log", false, patterns.top)
        see("dirs", false, patterns.top)
        #expect(use.unused == [2, 3, 4])
        see("b", false, patterns.place(below: patterns.top, Array("a".utf8)))
        #expect(use.unused == [2, 3])
        var other = PatternUse(count: patterns.patterns.count)
        other.insert(3)
        use.formUnion(other)
        #expect(use.unused == [2])
    }

    @Test("a place is found name by name, and is the same as that of the path")
    func places() throws {
        let patterns = try PathPatterns(list: Array("/a/b/c\n**/x/y\n".utf8))
        let plain = patterns.place(below: patterns.top, Array("q".utf8))
        #expect(patterns.place(below: plain, Array("r".utf8)) == plain, "nothing new begins below")
        var place = patterns.top
        for name in ["a", "b"] { place = patterns.place(below: place, Array(name.utf8)) }
        #expect(!patterns.matches(Array("c".utf8), in: place).isEmpty)
        #expect(patterns.matches(Array("c".utf8), in: plain).isEmpty)
        for _ in 0..<3 { place = patterns.place(below: place, Array("x".utf8)) }
        #expect(!patterns.matches(Array("y".utf8), in: place).isEmpty)
    }

    @Test("a place does not grow with the depth of the tree")
    func boundedPlaces() throws {
        let patterns = try PathPatterns(list: Array("**/a/**/b\n**/a/**/a/**/c\n".utf8))
        var place = patterns.top
        for _ in 0..<4 { place = patterns.place(below: place, Array("a".utf8)) }
        let settled = place
        for _ in 0..<50 { place = patterns.place(below: place, Array("a".utf8)) }
        #expect(place == settled)
    }
}
