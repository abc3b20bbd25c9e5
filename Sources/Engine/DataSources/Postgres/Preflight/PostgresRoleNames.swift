import Platform

/// Finds the roles that definitions name: those that own something, are granted something, or are meant by a policy, a
/// user mapping or default rights.
///
/// It is read from the text that `pg_restore` makes of an archive. Owners stand in the headings; grants are looked for
/// only under headings of rights, so that no text in a function's body is taken for one.
struct PostgresRoleNames: ~Copyable {
    private var names: Set<String> = []
    private var line: [UInt8] = []
    private var type = ""
    private static let heading = Array("-- Name: ".utf8)
    /// The line above a heading, and below it: a line of a function's body may look like a heading by itself.
    private static let frame = Array("--".utf8)
    private var isFramed = false
    /// The words for everybody, and for whoever is there.
    private static let pseudonyms: Set<String> = [
        "PUBLIC", "public", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "-",
    ]

    /// Takes the next bytes of the text.
    mutating func read(_ bytes: Span<UInt8>) {
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "\n") { take() } else { line.append(bytes[index]) }
        }
    }

    /// The roles, after the last byte.
    mutating func finish() -> Set<String> {
        take()
        return names
    }

    private mutating func take() {
        defer {
            isFramed = line == Self.frame
            line.removeAll(keepingCapacity: true)
        }
        if isFramed, line.starts(with: Self.heading) { return takeHeading(String(decoding: line, as: UTF8.self)) }
        switch type {
        case "ACL", "DEFAULT ACL":
            let words = Self.words(String(decoding: line, as: UTF8.self))
            guard words.contains(where: { ["GRANT", "REVOKE"].contains($0) }) else { return }
            note(Self.list(after: ["TO", "FROM"], in: words))
            if words.starts(with: ["ALTER", "DEFAULT", "PRIVILEGES"]) { note(Self.list(after: ["ROLE"], in: words)) }
        case "POLICY":
            let words = Self.words(String(decoding: line, as: UTF8.self))
            if words.starts(with: ["CREATE", "POLICY"]) { note(Self.list(after: ["TO"], in: words)) }
        case "USER MAPPING":
            let words = Self.words(String(decoding: line, as: UTF8.self))
            if words.starts(with: ["CREATE", "USER", "MAPPING", "FOR"]) { note(Self.list(after: ["FOR"], in: words)) }
        default: break
        }
    }

    /// `-- Name: a_idx; Type: INDEX; Schema: public; Owner: bob`; a tablespace may follow.
    private mutating func takeHeading(_ heading: String) {
        func field(_ name: String) -> Substring? {
            guard let mark = heading.ranges(of: "; \(name): ").last else { return nil }
            return heading[mark.upperBound...]
        }
        let found = field("Type").map { $0.prefix { $0 != ";" } } ?? ""
        type = String(found)
        guard let owner = field("Owner") else { return }
        note([String(owner.firstRange(of: "; Tablespace: ").map { owner[..<$0.lowerBound] } ?? owner)])
    }

    private mutating func note(_ found: [String]) {
        for name in found where !name.isEmpty && !Self.pseudonyms.contains(name) { names.insert(name) }
    }

    /// The identifiers, parted by commas, that follow the first of `marks`.
    private static func list(after marks: [String], in words: [String]) -> [String] {
        guard var place = words.firstIndex(where: { marks.contains($0) }).map({ $0 + 1 }) else { return [] }
        var found: [String] = []
        while place < words.count {
            found.append(unquoted(words[place]))
            guard place + 1 < words.count, words[place + 1] == "," else { break }
            place += 2
        }
        return found
    }

    private static func unquoted(_ word: String) -> String { PostgresRoles.identifier(word) }

    /// Words, quoted identifiers with their quotes, and each other mark by itself.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var isQuoted = false
        for scalar in text.unicodeScalars {
            let isOfWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if isQuoted || scalar == "\"" {
                word.append(scalar)
                if scalar == "\"" { isQuoted.toggle() }
            } else if isOfWord || scalar == "_" || scalar == "$" {
                word.append(scalar)
            } else {
                if !word.isEmpty { words.append(String(word)) }
                word.removeAll()
                if scalar != " " { words.append(String(scalar)) }
            }
        }
        return word.isEmpty ? words : words + [String(word)]
    }
}
