import Formats
import TestDoubles
import Testing

@Suite("JSON5")
struct JSON5Tests {
    @Test(
        "all that JSON5 adds to JSON is read",
        arguments: [
            ("{}", [:]), ("[1,]", [1]), ("{a:1,}", ["a": 1]), ("// x\n1 // y", 1), ("/* a\n * b **/1/**/", 1),
            ("'it\"s'", "it\"s"), ("\"it's\"", "it's"),
            (#"'\'\"\\\/\b\f\n\r\t\v\0\x41é\ud83d\ude00\q'"#, .string(escapes)),
            ("'a\\\nb\\\r\nc\\\rd\\\u{2028}e\\\u{2029}f'", "abcdef"), ("'\u{2028}'", "\u{2028}"),
            ("{$_ä1:1, 'b-c':2, \"d\":3, \\u0065f: 4, null: 5}", ["$_ä1": 1, "b-c": 2, "d": 3, "ef": 4, "null": 5]),
            ("0x1F", 31), ("-0xff", -255), ("0XfF", 255), ("+7", 7), (".5", 0.5), ("5.", 5.0), ("-.5e1", -5.0),
            ("5.e2", .number(500)), ("1E+2", .number(100)), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)), ("-0x8000000000000000", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("Infinity", .number(.infinity)),
            ("-Infinity", .number(-.infinity)), ("+Infinity", .number(.infinity)), ("1e999", .number(.infinity)),
            ("\u{feff}\u{a0}\u{2003}\u{b}\u{c}\t true \u{2029}", true), ("null", nil), ("false", false), ("0", 0),
            ("[[],{},[{a:[]}]]", [[], [:], [["a": []]]]),
        ] as [(String, JSONValue)])
    func read(text: String, value: JSONValue) throws { #expect(try JSON5Parser.parse(Array(text.utf8)).json == value) }

    private static let escapes = "'\"\\/\u{8}\u{c}\n\r\t\u{b}\0Aé😀q"

    @Test("NaN is read as none, whatever its sign")
    func notANumber() throws {
        for text in ["NaN", "-NaN", "+NaN"] {
            guard case .number(let number) = try JSON5Parser.parse(Array(text.utf8)).content else {
                Issue.record("\(text) is no number")
                continue
            }
            #expect(number.value.isNaN && number.whole == nil && number.text == text)
        }
    }

    @Test(
        "what is no JSON5 is refused at its place",
        arguments: [
            ("", 1, 1, "a value is missing"), ("  \n ", 2, 2, "a value is missing"), ("1 2", 1, 3, "follows"),
            ("{a 1}", 1, 4, "`:` is missing"), ("{a:1 b:2}", 1, 6, "`,` or `}`"), ("[1 2]", 1, 4, "`,` or `]`"),
            ("[,1]", 1, 2, "before `,`"), ("{,}", 1, 2, "a key is missing"), ("[1,,2]", 1, 4, "before `,`"),
            ("{\n  a: [1,\n", 3, 1, "`[` of line 2, column 6"), ("{", 1, 2, "`{` of line 1, column 1"),
            ("'a\nb'", 1, 1, "not closed"), ("{a: \"b}", 1, 5, "not closed"), ("/* a\n", 1, 1, "comment"),
            ("{a: nope}", 1, 5, "`nope` is no value"), ("{a: 010}", 1, 5, "`010` is no number"), ("-", 1, 1, "`-`"),
            ("90s", 1, 1, "`90s` is no number"), ("1..2", 1, 1, "no number"), ("0x", 1, 1, "no number"),
            ("1e", 1, 1, "no number"), (".", 1, 1, "no number"), ("+-1", 1, 1, "no number"), ("0xg", 1, 1, "no number"),
            ("{a-b: 1}", 1, 3, "after the key `a`"), ("{1a: 1}", 1, 2, "a key is missing"), ("[#]", 1, 2, "before `#`"),
            (#"'ab\1'"#, 1, 4, "backslash before a digit"), (#"'\01'"#, 1, 2, "backslash before a digit"),
            (#"'\x4'"#, 1, 2, "2 hexadecimal digits"), (#"'\u00g0'"#, 1, 2, "4 hexadecimal digits"),
            (#"'\ud800'"#, 1, 2, "surrogate"), (#"'\ud800\u0041'"#, 1, 2, "surrogate"),
            (#"'\udc00'"#, 1, 2, "surrogate"),
            (#"{\x41: 1}"#, 1, 2, "\\uHHHH only"), (#"{\u0020: 1}"#, 1, 2, "without quotes"),
            ("'\\", 1, 2, "backslash"),
            ("tru\\u0065", 1, 1, "no value"), ("{a:1}}", 1, 6, "follows"), ("{\u{1}}", 1, 2, "U+1"), ("/", 1, 1, "`/`"),
            ("\u{feff}x", 1, 1, "`x`"), ("'ä' é", 1, 5, "`é`"), ("\t\tx", 1, 3, "`x`"),
        ])
    func refused(text: String, line: Int, column: Int, words: String) {
        let problem = #expect(throws: JSON5Problem.self) { try JSON5Parser.parse(Array(text.utf8)) }
        #expect(problem?.place == JSON5Place(line: line, column: column), "\(text)")
        #expect(problem?.sentence.contains(words) == true, "\(problem?.sentence ?? "") lacks \(words)")
    }

    @Test("each line end that JSON5 knows begins a line, and CR and LF together begin one")
    func lines() throws {
        let value = try JSON5Parser.parse(Array("[1,\n2,\r\n3,\r4,\u{2028}5,\u{2029} 6,\n\r7]".utf8))
        guard case .array(let elements) = value.content else {
            Issue.record("no array")
            return
        }
        #expect(elements.map(\.place.line) == [1, 2, 3, 4, 5, 6, 8])
        #expect(elements.map(\.place.column) == [2, 1, 1, 1, 1, 2, 1])
    }

    @Test("keys and values have their places, and keys that come twice are found at any depth")
    func places() throws {
        let value = try JSON5Parser.parse(
            Array("{ a: 1,\n  'b': {c: 2, \"c\": 3, e\u{301}: 4, \u{e9}: 5},\n  a: 6 }".utf8))
        let members = try #require(value.members)
        #expect(
            members.map(\.place) == [.init(line: 1, column: 3), .init(line: 2, column: 3), .init(line: 3, column: 3)])
        #expect(members[1].value.place == JSON5Place(line: 2, column: 8))
        let repeated = value.repeatedMembers
        #expect(repeated.map(\.member.key) == ["c", "a"], "keys that only look alike are two keys")
        #expect(repeated.map(\.first.place.line) == [2, 1])
    }

    @Test("bytes that are no UTF-8 are told with their place, in a comment too")
    func notUTF8() {
        for bytes: [UInt8] in [[0xff], [0xc3, 0x22], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]] {
            let problem = #expect(throws: JSON5Problem.self) { try JSON5Parser.parse(Array("{\n// ä".utf8) + bytes) }
            #expect(problem?.place == JSON5Place(line: 2, column: 5))
        }
    }

    @Test("a text that is too large, too deep or too full is refused, not followed")
    func caps() throws {
        func problem(_ text: String) -> String? {
            #expect(throws: JSON5Problem.self) { try JSON5Parser.parse(Array(text.utf8)) }?.sentence
        }
        #expect(
            problem(String(repeating: " ", count: JSON5Parser.bytesMax + 1))?.contains("larger than 1.00 MiB") == true)
        for opening in ["[", "{a:", "[{a:"] {
            #expect(problem(String(repeating: opening, count: 100_000))?.contains("deeper than 64") == true)
        }
        #expect(problem("[" + String(repeating: "0,", count: JSON5Parser.valuesMax) + "]")?.contains("100001") == true)
        let fine = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSON5Parser.parse(Array(fine.utf8)) }
    }
}
