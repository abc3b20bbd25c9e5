import Formats
import TestDoubles
import Testing

@Suite("Globs")
struct GlobTests {
    private static let everyByte = (UInt8.min...UInt8.max).filter { $0 != 0 }

    @Test(
        "a pattern stands for whole names",
        arguments: [
            ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("ab", "a", false),
            ("*", "a", true), ("*", "anything at all", true), ("*", ".hidden", true),
            ("*.log", "a.log", true), ("*.log", ".log", true), ("*.log", "a.logs", false), ("*.log", "log", false),
            ("a*", "a", true), ("a*", "abc", true), ("a*", "ba", false),
            ("a*c", "ac", true), ("a*c", "abc", true), ("a*c", "abcd", false), ("a*a", "a", false), ("a*a", "aa", true),
            ("*a*b*", "xaxbx", true), ("*a*b*", "xbxax", false), ("*a*b*", "ab", true), ("a*b*c", "abc", true),
            ("a*bc*c", "abc", false), ("a*bc*c", "abcc", true), ("**a**", "a", true), ("a**b", "axb", true),
            ("?", "a", true), ("?", "", false), ("?", "ab", false), ("a?c", "abc", true), ("?*?", "ab", true),
            ("?*?", "a", false), ("*?*?*", "ab", true),
        ])
    func wholeNames(pattern: String, name: String, matches: Bool) throws {
        #expect(try Glob(pattern.utf8).matches(Array(name.utf8)) == matches)
    }

    /// The first byte of a range is a member before it is known to begin one: `[c-a]` has a `c`, as in git.
    @Test(
        "a set stands for one byte of it",
        arguments: [
            ("[abc]", "abc"), ("[a-c]", "abc"), ("[c-a]", "c"), ("[a-]", "a-"), ("[-a]", "-a"), ("[]a]", "]a"),
            ("[a-c-e]", "abc-e"), (#"[\]]"#, "]"), (#"[\a-\c]"#, "abc"), (#"[a\-c]"#, "a-c"), ("[[]", "["),
            ("[[:digit:]]", "0123456789"), ("[[:digit:]a-c]", "0123456789abc"), ("[a[:digit:]-]", "0123456789a-"),
            ("[[:]", "[:"), ("[[:a]", "[:a"), ("[[:xdigit:]]", "0123456789abcdefABCDEF"), ("[[:blank:]]", " \t"),
            ("[/]", "/"), ("[!]", nil), ("[*?]", "*?"), ("[[:upper:]]", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("[[:lower:]]", "abcdefghijklmnopqrstuvwxyz"), ("[[:space:]]", " \t\n\u{b}\u{c}\r"),
            ("[[:punct:]]", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        ] as [(String, String?)])
    func sets(pattern: String, members: String?) throws {
        guard let members else {
            #expect(throws: PatternProblem.self) { try Glob(pattern.utf8) }
            return
        }
        let wanted = Set(members.utf8)
        for mark in ["", "!", "^"] {
            let glob = try Glob((pattern.prefix(1) + mark + pattern.dropFirst()).utf8)
            for byte in Self.everyByte {
                #expect(glob.matches([byte]) == (wanted.contains(byte) == mark.isEmpty), "\(pattern) \(mark) \(byte)")
            }
            #expect(!glob.matches([]))
            #expect(!glob.matches(Array("aa".utf8)))
        }
    }

    @Test("the classes of POSIX divide ASCII as the C locale does")
    func classes() throws {
        func members(_ name: String) throws -> Set<UInt8> {
            let glob = try Glob("[[:\(name):]]".utf8)
            return Set(Self.everyByte.filter { glob.matches([$0]) })
        }
        #expect(try members("alnum") == members("alpha").union(members("digit")))
        #expect(try members("alpha") == members("lower").union(members("upper")))
        #expect(try members("graph") == members("alnum").union(members("punct")))
        #expect(try members("print") == members("graph").union([0x20]))
        #expect(try members("cntrl") == Set(1..<0x20).union([0x7f]))
        #expect(try members("graph").count == 94)
    }

    @Test("a backslash makes the next byte an ordinary one")
    func escapes() throws {
        #expect(try Glob(#"\*"#.utf8).literal == [UInt8(ascii: "*")])
        #expect(try Glob(#"\a\[\\"#.utf8).literal == Array(#"a[\"#.utf8))
        #expect(try Glob(#"a\?"#.utf8).matches(Array("a?".utf8)))
        #expect(try !Glob(#"a\?"#.utf8).matches(Array("ab".utf8)))
        #expect(try !Glob(#"\*"#.utf8).matches(Array("a".utf8)))
    }

    @Test("bytes are bytes: half a letter, and no letter at all")
    func bytes() throws {
        #expect(try Glob([0xff, UInt8(ascii: "*")]).matches([0xff, 0xfe]))
        #expect(try Glob("?".utf8).matches([0xe9]))
        #expect(try !Glob("?".utf8).matches(Array("é".utf8)))
        #expect(try Glob("??".utf8).matches(Array("é".utf8)))
        #expect(try Glob([UInt8(ascii: "["), 0x80, UInt8(ascii: "-"), 0xff, UInt8(ascii: "]")]).matches([0x9c]))
    }

    @Test("case is ignored when it is asked for, in ASCII alone")
    func caseIgnored() throws {
        func glob(_ pattern: String) throws -> Glob { try Glob(pattern.utf8, ignoringCase: true) }
        #expect(try glob("ReadMe*").matches(Array("README.md".utf8)))
        #expect(try !Glob("ReadMe*".utf8).matches(Array("README.md".utf8)))
        #expect(try glob("*.JPG").matches(Array("a.jpg".utf8)))
        #expect(try glob("[a-c]").matches(Array("B".utf8)))
        #expect(try glob("[A-C]").matches(Array("b".utf8)))
        #expect(try !glob("[!a]").matches(Array("A".utf8)))
        #expect(try glob("[[:upper:]]").matches(Array("x".utf8)))
        #expect(try glob("MAKEFILE").literal == Array("makefile".utf8))
        #expect(try !glob("É".self).matches(Array("é".utf8)))
        #expect(try !glob("@").matches(Array("`".utf8)))
    }

    @Test("only a pattern for one name has a literal")
    func literals() throws {
        #expect(try Glob("plain".utf8).literal == Array("plain".utf8))
        #expect(try Glob("".utf8).literal == [])
        for pattern in ["*", "a*", "a?", "[a]", "*a"] { #expect(try Glob(pattern.utf8).literal == nil) }
    }

    @Test(
        "what could never match is refused, and the reader told why",
        arguments: [
            ("a[", "without its ]"), ("[", "without its ]"), ("[!", "without its ]"), ("[]", "without its ]"),
            ("[a-", "without its ]"), (#"[\"#, "without its ]"), ("[[:digit:]", "without its ]"),
            (#"a\"#, "backslash"), ("[[:letters:]]", "class"), ("[[::]]", "class"), ("a\0b", "NUL"),
        ])
    func refused(pattern: String, words: String) {
        let problem = #expect(throws: PatternProblem.self) { try Glob(pattern.utf8) }
        #expect(problem?.sentence.contains(words) == true, "\(String(describing: problem))")
    }

    @Test("many stars on a name that almost matches take no time to speak of")
    func noExplosion() throws {
        let stars = String(repeating: "a*", count: 120) + "b"
        let name = Array(repeating: UInt8(ascii: "a"), count: 255)
        let glob = try Glob(stars.utf8)
        for _ in 0..<1000 { #expect(!glob.matches(name)) }
        #expect(glob.matches(name + [UInt8(ascii: "b")]))
    }

    @Test("patterns and names made at random match as a slow matcher says")
    func slowTwin() throws {
        for seed in UInt64(0)..<40 {
            let maker = PatternMaker(seed: seed)
            for _ in 0..<500 {
                let pattern = maker.simpleGlob()
                let name = maker.bytes(of: "ab", upTo: 7)
                let wanted = SlowGlob.matches(pattern[...], name[...])
                #expect(try Glob(pattern).matches(name) == wanted, "seed \(seed): \(pattern) \(name)")
            }
        }
    }
}
