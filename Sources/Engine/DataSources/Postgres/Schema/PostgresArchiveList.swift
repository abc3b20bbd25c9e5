import Platform

/// The table of contents of a schema archive as `pg_restore --list` prints it, and choices from it.
///
/// A line is `3456; 1259 16384 INDEX public a_idx bob`: the entry's number, two of the catalogue's, what it is, its
/// schema, its name, its owner. Names may hold blanks, so only the beginning of a line can be taken apart.
struct PostgresArchiveList: Sendable {
    /// One entry: the line as it was printed, and what follows the numbers.
    struct Item: Sendable {
        var line: String
        var words: Substring

        /// The entry's number.
        var number: Int? { Int(line.prefix { $0.isNumber }) }

        /// Whether it is an event trigger, or says something of one. They must come last: `pg_dump` itself puts the
        /// refreshing of materialised views after them, and an event trigger may forbid that.
        var isEventTrigger: Bool {
            ["", "COMMENT - ", "SECURITY LABEL - "].contains { words.hasPrefix($0 + "EVENT TRIGGER ") }
        }

        /// Whether it is a primary key, a unique constraint or an exclusion.
        var isConstraint: Bool { words.hasPrefix("CONSTRAINT ") }

        /// Whether it fills a materialised view.
        var isRefresh: Bool { words.hasPrefix("MATERIALIZED VIEW DATA ") }

        /// Whether the server calls functions of the user when it makes this.
        var callsFunctions: Bool {
            isRefresh || ["INDEX ", "CONSTRAINT ", "CHECK CONSTRAINT "].contains { words.hasPrefix($0) }
        }

        /// Whether it is one of these indexes (`schema name`), belongs to it or says something of it.
        func concerns(indexes: Set<String>) -> Bool {
            for kind in ["INDEX ATTACH ", "INDEX "] where words.hasPrefix(kind) {
                return Self.isName(words.dropFirst(kind.count), in: indexes)
            }
            guard words.hasPrefix("COMMENT "), let mark = words.firstRange(of: " INDEX ") else { return false }
            let schema = words[..<mark.lowerBound].dropFirst("COMMENT ".count)
            return Self.isName(Substring(schema + " " + words[mark.upperBound...]), in: indexes)
        }

        /// The owner stands after the name; both may hold blanks.
        private static func isName(_ text: Substring, in names: Set<String>) -> Bool {
            guard !names.isEmpty else { return false }
            return text.indices.contains { text[$0] == " " && names.contains(String(text[..<$0])) }
        }

        /// The first word of its name.
        var nameBegins: Substring? {
            let kinds = ["MATERIALIZED VIEW DATA ", "INDEX ", "CONSTRAINT ", "CHECK CONSTRAINT "]
            guard let kind = kinds.first(where: { words.hasPrefix($0) }) else { return nil }
            return words.dropFirst(kind.count).split(separator: " ").dropFirst().first
        }
    }

    let items: [Item]

    /// Reads what `pg_restore --list` printed.
    init(_ text: String) {
        items = text.split(separator: "\n").compactMap { line in
            guard line.first?.isNumber == true, let mark = line.firstIndex(of: ";") else { return nil }
            let rest = line[line.index(after: mark)...].drop { $0 == " " }
            let parts = rest.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
            return parts.count == 3 ? Item(line: String(line), words: parts[2]) : nil
        }
    }

    /// The text of a list file that chooses these entries, in this order.
    static func file(_ items: [Item]) -> [UInt8] { Array(items.map { $0.line + "\n" }.joined().utf8) }
}
