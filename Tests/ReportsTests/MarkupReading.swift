/// Reads tags as strictly as XML: each is closed, in order, and no attribute goes without quotes.
enum MarkupReading {
    /// What is wrong, or nil. Text and attributes may hold no bare `<`.
    static func problem(in page: String, mayStayOpen: Set<String>) -> String? {
        var open: [String] = []
        var rest = Substring(page)
        while let start = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: start)...]
            guard let end = rest.firstIndex(of: ">") else { return "a tag without an end" }
            let tag = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if tag.contains("<") { return "a bare < before \(tag)" }
            let name = tag.drop { $0 == "/" }.prefix { !" \n/".contains($0) }.lowercased()
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { return "\(name) is closed out of order" }
            } else if !tag.hasSuffix("/"), !mayStayOpen.contains(name) {
                open.append(name)
            }
            if tag.filter({ $0 == "\"" }).count % 2 != 0 { return "a quote is open in \(tag)" }
        }
        return open.isEmpty ? nil : "left open: \(open)"
    }
}
