import Formats
import TestDoubles
import Testing

@Suite("JSON5 of all kinds")
struct JSON5FuzzTests {
    @Test("strict JSON says the same to both parsers")
    func agreement() throws {
        let random = SeededRandomness(seed: 31)
        for _ in 0..<1500 {
            let value = RandomJSON.value(random, depth: 0)
            for indented in [false, true] {
                let text = JSONWriter.bytes(value, indented: indented)
                #expect(try JSON5Parser.parse(text).json == JSONParser.parse(text))
            }
        }
    }

    @Test("any value comes back from the freest way of writing it")
    func freely() throws {
        let random = SeededRandomness(seed: 32)
        for _ in 0..<1500 {
            let value = RandomJSON.value(random, depth: 0)
            let text = space(random) + written(value, random) + space(random)
            #expect(try JSON5Parser.parse(Array(text.utf8)).json == value, "\(text)")
        }
    }

    @Test("a broken text is refused inside of it or read, and never breaks the reader")
    func hostile() {
        let random = SeededRandomness(seed: 33)
        var refused = 0
        for _ in 0..<15_000 {
            var text = Array(written(RandomJSON.value(random, depth: 1), random).utf8)
            for _ in 0...random.next(below: 3) {
                let place = random.next(below: text.count + 1)
                switch random.next(below: 4) {
                case 0: text.insert(random.bytes(1)[0], at: place)
                case 1: text.insert(Array(#"{}[]"',:\ux0-+eE./*$"#.utf8)[random.next(below: 20)], at: place)
                case 2: text.removeSubrange(min(place, max(0, text.count - 1))..<text.count)
                default: if place < text.count { text[place] = random.bytes(1)[0] }
                }
            }
            do throws(JSON5Problem) {
                let value = try JSON5Parser.parse(text)
                _ = value.repeatedMembers
            } catch {
                refused += 1
                let lines = text.count { [0x0a, 0x0d, 0xa8, 0xa9].contains($0) } + 1
                #expect((1...lines).contains(error.place.line) && (1...text.count + 1).contains(error.place.column))
            }
        }
        #expect(refused > 3000 && refused < 15_000, "most are broken, some are not: \(refused)")
    }

    // MARK: Writing as freely as the language allows

    private func written(_ value: JSONValue, _ random: SeededRandomness) -> String {
        switch value {
        case .null: return "null"
        case .bool(let flag): return "\(flag)"
        case .integer(let number):
            let sign = number < 0 ? "-" : ["", "+"][random.next(below: 2)]
            return random.next(below: 2) == 0
                ? sign + String(number.magnitude) : sign + "0x" + String(number.magnitude, radix: 16)
        case .number(let number): return number > 0 && random.next(below: 2) == 0 ? "+\(number)" : "\(number)"
        case .string(let text): return quoted(text, random)
        case .array(let elements):
            let list = elements.map { space(random) + written($0, random) + space(random) }
            return "[\(list.joined(separator: ","))\(elements.isEmpty || random.next(below: 2) == 0 ? "" : ",")]"
        case .object(let members):
            let list = members.map { member in
                space(random) + quoted(member.key, random) + space(random) + ":" + space(random)
                    + written(member.value, random) + space(random)
            }
            return "{\(list.joined(separator: ","))\(members.isEmpty || random.next(below: 2) == 0 ? "" : ",")}"
        }
    }

    private func space(_ random: SeededRandomness) -> String {
        ["", "", " ", "\n", "\t", "// a }\n", "/* ] * */", "\u{2028}", "\r\n", "\u{3000}"][random.next(below: 10)]
    }

    private func quoted(_ text: String, _ random: SeededRandomness) -> String {
        let quote = ["'", "\""][random.next(below: 2)]
        var written = quote
        for scalar in text.unicodeScalars {
            switch (random.next(below: 6), scalar) {
            case (_, "\\"), (_, "\n"), (_, "\r"): written += escape(scalar, random)
            case (_, "'"), (_, "\""): written += "\\\(scalar)"
            case (0, _): written += escape(scalar, random)
            case (1, _): written += "\\\n" + String(Character(scalar))
            default: written.unicodeScalars.append(scalar)
            }
        }
        return written + quote
    }

    private func escape(_ scalar: Unicode.Scalar, _ random: SeededRandomness) -> String {
        func hex(_ number: UInt32, _ width: Int) -> String {
            let digits = String(number, radix: 16, uppercase: random.next(below: 2) == 0)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        if scalar.value < 0x100, random.next(below: 2) == 0 { return "\\x" + hex(scalar.value, 2) }
        return UTF16.encode(scalar)?.map { "\\u" + hex(UInt32($0), 4) }.joined() ?? ""
    }
}
