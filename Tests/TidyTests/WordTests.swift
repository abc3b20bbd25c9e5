import Testing

@Suite("Words")
struct WordTests {
    /// Cut in two, so that this file does not hold them.
    private static let banned: [(word: String, why: String)] = [
        ("try" + "!", "throw a Failure"),
        ("fatal" + "Error(", "bugs trap by precondition; the rest is thrown"),
        ("<<<<" + "<<< ", "a merge that was not finished"),
        ("TO" + "DO", "do it, or write an issue"),
        ("FIX" + "ME", "fix it"),
        ("Ut" + "ils", "name what it does"),
        ("Hel" + "per", "name what it does"),
        ("/wo" + "rk/", "a path of one machine"),
        ("/tmp/" + "wt", "a path of one machine"),
        ("sha" + "red/", "a path of one machine"),
    ]

    @Test("none of the banned words is used", arguments: banned.map(\.word))
    func bannedWords(word: String) {
        let why = Self.banned.first { $0.word == word }?.why ?? ""
        for file in Repository.files {
            for (index, line) in file.lines.enumerated() where line.contains(word) {
                Issue.record("\(file.path):\(index + 1) says \(word): \(why)")
            }
        }
    }

    @Test("the product has no door for faults, and no variable that nobody is told of")
    func noFaultDoor() throws {
        let known: Set<String> = [
            "SALVOR_REPOSITORY", "SALVOR_PASSWORD", "SALVOR_CACHE_DIR", "SALVOR_RECOVERY_KEY", "SALVOR_NEW_PASSWORD",
            "SALVOR_DRILL_FILES", "SALVOR_DRILL_ID", "SALVOR_DRILL_DATABASE_URL", "SALVOR_POLICY", "SALVOR_PING",
        ]
        for file in Repository.files where file.path.hasPrefix("Sources/") && !file.path.contains(".docc/") {
            for (index, line) in file.lines.enumerated() {
                // PostgreSQL's settings and options begin with "default_".
                let lower = line.lowercased().split(separator: "default_").joined(separator: " ")
                for door in ["fault_", "_fault", "inject", "ld_preload"] where lower.contains(door) {
                    Issue.record("\(file.path):\(index + 1) looks like a door for faults")
                }
                for variable in variables(in: line) where !known.contains(variable) && !file.name.hasSuffix(".h") {
                    Issue.record(
                        "\(file.path):\(index + 1) speaks of \(variable), which is not among the known variables")
                }
            }
        }
    }

    @Test("public is said nowhere: modules meet by package access")
    func noPublic() {
        for file in Repository.sources {
            for (index, line) in file.lines.enumerated() {
                let words = line.split(separator: " ").prefix(2)
                let isOpen = words.first == "open" && ["class", "func", "var"].contains(words.last ?? "")
                #expect(words.first != "public" && !isOpen, "\(file.path):\(index + 1)")
            }
        }
    }

    private func variables(in line: String) -> [String] {
        var rest = line[...]
        var found: [String] = []
        while let start = rest.firstRange(of: "SALVOR_") {
            let word = rest[start.lowerBound...].prefix { $0.isASCII && ($0.isUppercase || $0 == "_" || $0.isNumber) }
            found.append(String(word))
            rest = rest[word.endIndex...]
        }
        return found
    }
}
