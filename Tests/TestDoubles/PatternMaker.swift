/// Names, trees and patterns that a seed repeats: few letters, so that patterns meet names.
package struct PatternMaker: Sendable {
    /// Where its choices come from.
    package let random: SeededRandomness

    /// Begins with a seed.
    package init(seed: UInt64) { random = SeededRandomness(seed: seed) }

    /// At most `count` of the letters.
    package func bytes(of letters: String, upTo count: Int) -> [UInt8] {
        (0..<random.next(below: count + 1)).map { _ in pick(Array(letters.utf8)) }
    }

    /// A glob without sets and escapes.
    package func simpleGlob() -> [UInt8] { bytes(of: "ab?**", upTo: 6) }

    /// A name that a file can have, and that git does not treat in a way of its own.
    package func name() -> [UInt8] {
        let odd: [[UInt8]] = [
            Array("a b".utf8), Array("a ".utf8), Array(" a".utf8), Array("#a".utf8), Array("!a".utf8),
            Array(#"a\b"#.utf8), Array("[a]".utf8), Array("a*".utf8), Array("a?".utf8), Array("A".utf8),
            Array("a-b".utf8), Array("]".utf8), Array("a\nb".utf8), Array("é".utf8), [0xff], [0x61, 0xfe],
            Array("a\r".utf8), Array("7".utf8), Array("a.log".utf8), Array("b.log".utf8), Array(".a".utf8),
        ]
        if random.next(below: 3) == 0 { return pick(odd) }
        return [pick(Array("abc".utf8))] + bytes(of: "abc", upTo: 2)
    }

    /// The paths of a tree, and whether each is a directory.
    package func tree() -> [[[UInt8]]: Bool] {
        var paths: [[[UInt8]]: Bool] = [[]: true]
        var directories: [[[UInt8]]] = [[]]
        for _ in 0..<80 {
            let path = pick(directories) + [name()]
            guard path.count < 6, paths[path] == nil else { continue }
            paths[path] = random.next(below: 2) == 0
            if paths[path] == true { directories.append(path) }
        }
        paths[[]] = nil
        return paths
    }

    /// A list of lines, for a tree whose names it knows.
    package func list(for paths: [[[UInt8]]]) -> [UInt8] {
        Array((0..<(1 + random.next(below: 9))).map { _ in line(for: paths) }.joined(separator: [0x0a]))
    }

    private func line(for paths: [[[UInt8]]]) -> [UInt8] {
        switch random.next(below: 24) {
        case 0: return Array("# a comment".utf8)
        case 1: return Array(pick(["", "   ", "\r", "/", "!", "a//b", "./a", "[", #"a\"#, "[[:no:]]"]).utf8)
        default: break
        }
        var text: [UInt8] = []
        // Both ends may be cut off, so that a part without its way from the top comes, too.
        var path = pick(paths)[...]
        if random.next(below: 2) == 0 { path = path.dropFirst(random.next(below: path.count)) }
        if random.next(below: 3) == 0 { path = path.dropLast(random.next(below: path.count)) }
        for name in path {
            if !text.isEmpty { text.append(UInt8(ascii: "/")) }
            text += random.next(below: 8) == 0 ? Array("**".utf8) : glob(for: name)
        }
        if random.next(below: 8) == 0 { text = Array("**/".utf8) + text }
        if random.next(below: 8) == 0 { text += Array("/**".utf8) }
        if random.next(below: 4) == 0 { text = [UInt8(ascii: "/")] + text }
        if random.next(below: 4) == 0 { text.append(UInt8(ascii: "/")) }
        if random.next(below: 3) == 0 { text = [UInt8(ascii: "!")] + text }
        if random.next(below: 8) == 0 { text += Array(pick([" ", "  ", #"\ "#, "\r", " \r", "\t"]).utf8) }
        // In the middle of a component git's short cut takes two stars for levels, against its own documentation.
        return Self.holdsInnerStars(text) ? [UInt8(ascii: "a")] : text
    }

    /// A glob that the name may well match.
    private func glob(for name: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for byte in name {
            switch random.next(below: 14) {
            case 0: text.append(UInt8(ascii: "?"))
            case 1: text.append(UInt8(ascii: "*"))
            case 2: text += Array(pick(Self.sets).utf8)
            case 3: text += [UInt8(ascii: "\\"), byte]
            case 4: break
            case 5: text.append(pick(Array("abc".utf8)))
            default:
                // A bare bracket would open a set, and a line feed end the line.
                if [0x0a, UInt8(ascii: "["), UInt8(ascii: "\\")].contains(byte) {
                    text += [UInt8(ascii: "?")]
                } else {
                    text.append(byte)
                }
            }
        }
        return text.contains(0x0a) ? [UInt8(ascii: "*")] : text
    }

    private static let sets = [
        "[a-c]", "[!a]", "[^b]", "[ab]", "[]a]", "[!]]", "[[:alpha:]]", "[![:digit:]]", "[a-]", "[[:punct:]b]",
        #"[\]a]"#, "[/a]", "[[:upper:][:lower:]]", "[b-a]", "[[:]", "[a[:digit:]-c]", "[é]",
    ]

    private static func holdsInnerStars(_ text: [UInt8]) -> Bool {
        let star = UInt8(ascii: "*")
        return text.indices.dropFirst().dropLast().contains { index in
            text[index] == star && text[index + 1] == star
                && ![star, UInt8(ascii: "/"), UInt8(ascii: "!")].contains(text[index - 1])
        }
    }

    /// One of the choices.
    package func pick<Element>(_ choices: [Element]) -> Element { choices[random.next(below: choices.count)] }
}
