import Formats
import TestDoubles
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "values are read as they are written",
        arguments: [
            ("null", JSONValue.null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", 1.5), ("1e3", .number(1000)),
            ("-1.25E-2", -0.0125), ("[]", []), ("{}", .object([])), (" [1 , 2]\n", [1, 2]), (#""""#, ""),
            (#"{"b":1,"a":{"c":[null]}}"#, ["b": 1, "a": ["c": [nil]]]),
            (#""\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\""#, "é😀/\u{8}\u{c}\n\r\t\"\\"),
            (#""ä😀""#, "ä😀"), (#""\u0000""#, "\0"),
        ] as [(String, JSONValue)])
    func read(text: String, value: JSONValue) throws { #expect(try JSONParser.parse(Array(text.utf8)) == value) }

    @Test(
        "what is no strict JSON is refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "01", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "1e400", "0x10", "1 2",
            "NaN",
            "[1,]", "[,1]", "[1", "]", "[1}", "{", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":1,\"a\":2}", "'a'", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"\\u 123\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "\"\u{1}\"", "\u{feff}1", "// a\n1", "[1]x", "--1", "1-1",
            "1_000",
            "\"a\"\"b\"", "{\"a\":1}}", "{1:2}", "[1 2]",
        ])
    func refused(text: String) {
        #expect(throws: JSONProblem.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test("bytes that are not UTF-8 are refused, in a string and outside")
    func notUTF8() {
        for bytes: [UInt8] in [
            [0x22, 0xff, 0x22], [0xff], [0x22, 0xc3, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xc0, 0x80],
        ] {
            #expect(throws: JSONProblem.self) { try JSONParser.parse(bytes) }
        }
    }

    @Test("a text that nests without end is refused, not followed")
    func deep() throws {
        for opening in ["[", "{\"a\":", "[{\"a\":"] {
            let text = String(repeating: opening, count: 100_000)
            let problem = #expect(throws: JSONProblem.self) { try JSONParser.parse(Array(text.utf8)) }
            #expect(problem?.sentence == "nested too deeply")
        }
        let fine = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(throws: Never.self) { try JSONParser.parse(Array(fine.utf8)) }
    }

    @Test("a problem tells the byte at which it was noticed")
    func offsets() {
        let problem = #expect(throws: JSONProblem.self) { try JSONParser.parse(Array(#"{"a": nope}"#.utf8)) }
        #expect(problem?.offset == 6)
    }

    @Test("keys that only look alike are two keys")
    func keysAreBytes() throws {
        let composed = "caf\u{e9}"
        let decomposed = "cafe\u{301}"
        let value = try JSONParser.parse(Array("{\"\(composed)\":1,\"\(decomposed)\":2}".utf8))
        #expect(value[composed]?.whole == 1)
        #expect(value[decomposed]?.whole == 2)
        #expect(value["cafe"] == nil)
    }

    @Test("any value comes back from its text, in one line and indented")
    func roundTrip() throws {
        let random = SeededRandomness(seed: 7)
        for _ in 0..<3000 {
            let value = RandomJSON.value(random, depth: 0)
            #expect(try JSONParser.parse(JSONWriter.bytes(value)) == value)
            #expect(try JSONParser.parse(JSONWriter.bytes(value, indented: true)) == value)
            #expect(!JSONWriter.string(value).contains("\n"), "one line")
        }
    }

    @Test("a broken text is refused or read, and never breaks the reader")
    func hostile() {
        let random = SeededRandomness(seed: 8)
        var refused = 0
        for _ in 0..<20_000 {
            var text = JSONWriter.bytes(RandomJSON.value(random, depth: 0), indented: random.next(below: 2) == 0)
            for _ in 0...random.next(below: 3) {
                let place = random.next(below: text.count + 1)
                switch random.next(below: 4) {
                case 0: text.insert(random.bytes(1)[0], at: place)
                case 1: text.insert(Array(#"{}[]",:\u0-+eE."#.utf8)[random.next(below: 15)], at: place)
                case 2: text.removeSubrange(min(place, max(0, text.count - 1))..<text.count)
                default: if place < text.count { text[place] = random.bytes(1)[0] }
                }
            }
            do {
                let value = try JSONParser.parse(text)
                #expect(throws: Never.self, "what was read can be written and read") {
                    try JSONParser.parse(JSONWriter.bytes(value))
                }
            } catch { refused += 1 }
        }
        #expect(refused > 5000 && refused < 20_000, "most are broken, some are not: \(refused)")
    }

    @Test("numbers that JSON cannot hold are written as null, and control characters as escapes")
    func written() {
        let value: JSONValue = ["a": .number(.infinity), "b": .number(.nan), "c": "\u{1}\u{7f}\u{2028}</script>\"\\\n"]
        #expect(JSONWriter.string(value) == #"{"a":null,"b":null,"c":"\u0001\u007f\u2028</script>\"\\\n"}"#)
        // Beside the two ends of lines stand letters that share their bytes.
        #expect(JSONWriter.string("\u{2027}\u{2028}\u{2029}é\u{28}") == "\"\u{2027}\\u2028\\u2029é(\"")
        #expect(JSONWriter.string("\u{9b}2J \u{202e}é") == #""\u009b2J \u202eé""#)
        #expect(JSONWriter.string([:], indented: true) == "{}")
        #expect(JSONWriter.string(["a": [1, 2]], indented: true) == "{\n  \"a\": [\n    1,\n    2\n  ]\n}")
        #expect(JSONValue(UInt64.max) == .number(Double(UInt64.max)))
    }
}
