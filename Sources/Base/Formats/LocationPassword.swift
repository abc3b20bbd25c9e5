/// Finds the password that somebody wrote into a location: an URL, or the address of a database.
package enum LocationPassword {
    /// Where the password is in `scheme://user:password@host`, `…?password=…`, `postgres:password=…`; nil for none.
    package static func range(in text: String) -> Range<String.Index>? {
        if let scheme = find("://", in: text[...]) {
            let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            if let colon = authority.firstIndex(of: ":"), let range = password(behind: colon, authority, in: text) {
                return range
            }
            guard text.contains("?") else { return nil }
        } else if find("postgres:", in: text[...]) == nil, find("postgresql:", in: text[...]) == nil {
            return nil
        }
        return keyword(in: text)
    }

    /// A password may hold an `@` of its own, and one that was not escaped even a `/`: the host begins behind the last
    /// `@`, and what follows the colon of a host without a user is a number.
    private static func password(
        behind colon: String.Index, _ authority: Substring, in text: String
    ) -> Range<String.Index>? {
        let start = text.index(after: colon)
        if let at = authority.lastIndex(of: "@"), start >= at { return nil }
        guard authority.contains("@") || (!authority.hasPrefix("[") && !authority[start...].allSatisfy(\.isNumber))
        else {
            return nil
        }
        return text[start...].lastIndex(of: "@").map { start..<$0 }
    }

    /// The value behind `password=` or `sslpassword=` as a parameter or a keyword, in any text.
    package static func keyword(in text: String) -> Range<String.Index>? {
        var rest = text[...]
        while let found = find("password", in: rest) {
            rest = text[found.upperBound...]
            let value = rest.drop { $0 == " " }
            guard value.first == "=" else { continue }
            let start = value.dropFirst().drop { $0 == " " }.startIndex
            let quoted = text[start...].first == "'"
            let end = quoted ? text.endIndex : text[start...].firstIndex { $0 == "&" || $0 == " " } ?? text.endIndex
            if start < end { return start..<end }
        }
        return nil
    }

    private static func find(_ piece: String, in text: Substring) -> Range<String.Index>? {
        var start = text.startIndex
        while start < text.endIndex {
            if text[start...].hasPrefix(piece) { return start..<text.index(start, offsetBy: piece.count) }
            start = text.index(after: start)
        }
        return nil
    }
}
