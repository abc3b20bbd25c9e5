import Testing

@Suite("Comments")
struct DocumentationTests {
    /// What the standard library's protocols ask for: their own documentation says what it is.
    private static let standard: Set<String> = [
        "description", "hash", "==", "<", "next", "makeIterator", "init(stringLiteral", "init(booleanLiteral",
        "init(integerLiteral", "init(floatLiteral", "init(arrayLiteral", "init(dictionaryLiteral", "init(nilLiteral",
    ]

    @Test("every declaration for other modules has a comment whose first line is a sentence")
    func documented() {
        let promised = requirements()
        var seen = 0
        for file in Repository.sources {
            for (index, line) in file.lines.enumerated() {
                guard let name = declaration(in: line) else { continue }
                seen += 1
                if Self.standard.contains(name) || isPlainProperty(line) { continue }
                if promised.contains(where: { $0.member == name && file.text.contains($0.type) }) { continue }
                let comment = commentAbove(index, in: file)
                if comment.isEmpty {
                    Issue.record("\(file.path):\(index + 1) \(name) has no comment")
                } else if !isSentence(comment) {
                    Issue.record("\(file.path):\(index + 1) the comment of \(name) does not begin with a sentence")
                }
            }
        }
        #expect(seen > 300, "the declarations are found")
    }

    /// The name that a `package` line declares; nil for any other line.
    private func declaration(in line: String) -> String? {
        let words = line.split(separator: " ")
        guard let access = words.firstIndex(of: "package"), words.prefix(access).allSatisfy({ $0.hasPrefix("@") })
        else { return nil }
        let rest = words[(access + 1)...].filter { !$0.hasPrefix("@") }
        for (index, word) in rest.enumerated() {
            if word.hasPrefix("init") {
                return String(rest[index...].joined(separator: " ").prefix { ![":", ")", " "].contains($0) })
            }
            guard
                ["func", "var", "let", "struct", "class", "enum", "protocol", "subscript", "typealias"].contains(word),
                index + 1 < rest.count
            else { continue }
            if word == "class", ["func", "var"].contains(rest[index + 1]) { continue }
            return String(rest[index + 1].prefix { !["(", ":", "<"].contains($0) || rest[index + 1].first == $0 })
        }
        return nil
    }

    /// A stored property, which its type's comment covers unless it has units or owners to tell.
    private func isPlainProperty(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        return (words.contains("var") || words.contains("let")) && !words.contains("static") && !line.contains("{")
    }

    /// One comment may cover several constants that follow each other.
    private func isConstant(_ text: Substring) -> Bool { text.hasPrefix("package static let") }

    private func commentAbove(_ index: Int, in file: SourceFile) -> [String] {
        var comment: [String] = []
        let below = file.lines[index].drop { $0 == " " }
        for line in file.lines[..<index].reversed() {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("///") {
                comment.insert(String(text.dropFirst(3).drop { $0 == " " }), at: 0)
            } else if !comment.isEmpty || !(text.hasPrefix("@") || isConstant(text) && isConstant(below)) {
                break
            }
        }
        return comment
    }

    private func isSentence(_ comment: [String]) -> Bool {
        let paragraph = comment.prefix { !$0.isEmpty }.joined(separator: " ")
        guard let first = paragraph.first, let last = paragraph.last else { return false }
        return (first.isUppercase || first == "`" || first.isNumber || !first.isLetter || paragraph.contains(" "))
            && [".", ":", "…", "?", "`", ")"].contains(last)
    }

    /// What the protocols of the product ask for: it is documented there.
    private func requirements() -> [(type: String, member: String)] {
        var found: [(type: String, member: String)] = []
        for file in Repository.sources {
            var current: String?
            for line in file.lines {
                let words = line.split(separator: " ")
                if let place = words.firstIndex(of: "protocol"), place + 1 < words.count, !line.hasPrefix(" ") {
                    current = String(words[place + 1].prefix { $0.isLetter || $0.isNumber })
                } else if line == "}" {
                    current = nil
                } else if let current, line.hasPrefix("    ") {
                    if let place = words.firstIndex(where: { ["func", "var", "init"].contains($0) }),
                        place + 1 < words.count
                    {
                        found.append((current, String(words[place + 1].prefix { $0.isLetter || $0.isNumber })))
                    } else if words.first?.hasPrefix("init(") == true {
                        found.append(
                            (current, String(line.drop { $0 == " " }.prefix { ![":", ")", " "].contains($0) })))
                    }
                }
            }
        }
        return found
    }
}
