extension PostgresFacts.Setting {
    /// The parameters whose value is a list of names, each quoted by itself: given as one text, the list would become
    /// one name with commas in it. These are all that PostgreSQL has; an extension cannot define one.
    private static let lists = [
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
        "temp_tablespaces", "unix_socket_directories",
    ]

    /// The statement that gives the setting to a database, whose name is written as SQL takes it.
    func statement(database: String) -> String {
        let whom = role.isEmpty ? "" : "ROLE \(PostgresText.identifier(role)) IN "
        let parameter = name.unicodeScalars.split(separator: ".").map { PostgresText.identifier(String($0)) }
            .joined(separator: ".")
        let words = Self.lists.contains(name.lowercased()) ? Self.elements(of: value) : [value]
        let values = words.isEmpty ? "''" : words.map { PostgresText.literal($0) }.joined(separator: ", ")
        return "ALTER \(whom)DATABASE \(database) SET \(parameter) TO \(values)"
    }

    /// The names of a list as the server keeps it: `app, "Mixed ""Case"`.
    static func elements(of list: String) -> [String] {
        var elements: [String] = []
        var current = String.UnicodeScalarView()
        var isQuoted = false
        var wasQuoted = false
        var rest = list.unicodeScalars[...]
        func finish() {
            if !current.isEmpty || wasQuoted { elements.append(String(current)) }
            current.removeAll()
            wasQuoted = false
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where isQuoted && rest.first == "\"":
                rest = rest.dropFirst()
                current.append(scalar)
            case "\"":
                isQuoted.toggle()
                wasQuoted = true
            case "," where !isQuoted: finish()
            case " " where !isQuoted: continue
            default: current.append(scalar)
            }
        }
        finish()
        return elements
    }
}
