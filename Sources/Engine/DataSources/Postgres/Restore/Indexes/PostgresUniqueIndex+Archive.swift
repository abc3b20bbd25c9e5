extension PostgresUniqueIndex {
    private static let heading = Array("-- TOC entry ".utf8)
    private static let encoding = Array("\nSET client_encoding = 'UTF8';\n".utf8)

    /// The indexes among the constraints that `text` makes, by their numbers in the archive: what
    /// `pg_restore --verbose --file=-` makes of the entries `items`.
    static func read(_ text: [UInt8], items: [PostgresArchiveList.Item]) -> [Int: PostgresUniqueIndex] {
        var words: [Int: Substring] = [:]
        for item in items { if let number = item.number { words[number] = item.words } }
        let statements = statements(text, numbers: Set(words.keys))
        // Names in another encoding than ours would be read wrongly.
        let isOurs = text.firstRange(of: encoding) != nil
        var indexes: [Int: PostgresUniqueIndex] = [:]
        for (number, sql) in statements where isOurs || sql.allSatisfy({ $0 < 0x80 }) {
            guard let index = PostgresUniqueIndex(Array(sql)), let line = words[number] else { continue }
            // The list must know the statement under the same names: a name may hold anything, a heading, too.
            let expected = "CONSTRAINT \(index.schema) \(index.table) \(index.name) "
            if line.utf8.starts(with: expected.utf8) { indexes[number] = index }
        }
        return indexes
    }

    /// The SQL of each entry, cut where a line begins a comment outside of all quotes: a function's body, the only
    /// other place for one, is no part of a constraint.
    private static func statements(_ text: [UInt8], numbers: Set<Int>) -> [Int: ArraySlice<UInt8>] {
        var found: [Int: ArraySlice<UInt8>] = [:]
        var waiting = numbers
        var current: Int?
        var start = 0
        func close(at end: Int) {
            let sql = text[start..<end].drop { $0 == UInt8(ascii: "\n") }
            guard !sql.isEmpty else { return }
            if let current { found[current] = sql }
            current = nil
        }
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                at = (text[(at + 1)...].firstIndex(of: byte) ?? text.count - 1) + 1
            } else if byte == UInt8(ascii: "-"), at == 0 || text[at - 1] == UInt8(ascii: "\n"),
                text[at...].starts(with: "--".utf8)
            {
                close(at: at)
                if text[at...].starts(with: heading) {
                    let digits = text[(at + heading.count)...].prefix { $0 != UInt8(ascii: " ") }
                    current = Int(String(decoding: digits, as: UTF8.self)).flatMap { waiting.remove($0) }
                }
                at = text[at...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
                start = at
            } else {
                at += 1
            }
        }
        close(at: text.count)
        return found
    }
}
