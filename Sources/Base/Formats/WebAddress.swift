/// An address on the web, taken apart as far as something is to be put behind its path.
///
/// What stands behind the host may be a secret: only the host is shown.
package struct WebAddress: Sendable, Equatable, CustomStringConvertible {
    /// `https://host:port`, in the letters that were given.
    private let origin: String
    private let path: String
    private let query: String
    /// The host, with its port where one was given.
    package let host: String

    /// Takes an address of http or https; nil for anything else, and for one with a user, a blank or a fragment.
    package init?(_ text: String) {
        guard let slashes = text.firstRange(of: "://"), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            ["http", "https"].contains(text[..<slashes.lowerBound].lowercased()), !text.contains("#")
        else { return nil }
        let rest = text[slashes.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@"), authority.first != ":" else { return nil }
        host = String(authority)
        origin = String(text[..<authority.endIndex])
        let behind = text[authority.endIndex...]
        let mark = behind.firstIndex(of: "?") ?? behind.endIndex
        var path = behind[..<mark]
        while path.last == "/" { path.removeLast() }
        self.path = String(path)
        query = String(behind[mark...].dropFirst())
    }

    /// The whole address, secret and all, with `part` behind its path and `parameter` behind its query.
    package func with(part: String?, parameter: String) -> String {
        origin + path + (part.map { "/" + $0 } ?? "") + "?" + (query.isEmpty ? "" : query + "&") + parameter
    }

    package var description: String { host }
}
