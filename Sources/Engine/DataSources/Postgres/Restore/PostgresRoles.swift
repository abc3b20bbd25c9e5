import Platform

/// Makes the roles of `globals.sql` in a server. A role that is there already is left as it is, and its password with
/// it; tablespaces are never made, since their directories belong to another machine.
enum PostgresRoles {
    /// Runs the statements one by one, in one transaction: a role that is there has all that the source gave it. What
    /// the server refuses is a finding.
    static func restore(_ text: [UInt8], with connection: PostgresConnection) throws -> [Finding] {
        let before = Set(
            try telling("cannot list the roles") {
                // By their bytes: names that look alike are equal in Swift, and two roles for the server.
                try PostgresCatalog.list(connection, "SELECT rolname FROM pg_roles").map { Array($0.utf8) }
            })
        var findings: [Finding] = []
        try telling("cannot make the roles") {
            try connection.execute("BEGIN")
            for statement in statements(String(decoding: text, as: UTF8.self)) {
                guard let role = role(of: statement), !before.contains(Array(role.utf8)) else { continue }
                try connection.execute("SAVEPOINT salvor")
                do throws(PostgresError) { try connection.execute(statement) } catch {
                    if error.connectionLost { throw error }
                    try connection.execute("ROLLBACK TO SAVEPOINT salvor")
                    findings.append(refusal(of: statement, error))
                }
                try connection.execute("RELEASE SAVEPOINT salvor")
            }
            try connection.execute("COMMIT")
        }
        return findings
    }

    /// The statement itself is not shown: it may hold a password.
    private static func refusal(of statement: String, _ error: PostgresError) -> Finding {
        let words = statement.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        let object = words.prefix(2).joined(separator: " ").lowercased()
        let name = words.count == 3 && words[1] == "ROLE" ? " " + identifier(String(words[2])) : ""
        return Finding(.missing, "roles: \(object)\(name)", error.message)
    }

    /// The names of the roles that a text makes.
    static func made(by text: [UInt8]) -> Set<String> {
        let found = statements(String(decoding: text, as: UTF8.self)).filter { $0.hasPrefix("CREATE ROLE ") }
        return Set(found.compactMap { role(of: $0) })
    }

    /// The role that a statement makes or changes, empty when it does neither; nil for a statement to leave out.
    static func role(of statement: String) -> String? {
        let words = statement.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        if isAboutTablespace(statement) { return nil }
        if statement.hasPrefix("\\") || words.count < 2 { return nil }
        return words[1] == "ROLE" && words.count == 3 ? identifier(String(words[2])) : ""
    }

    /// Whether a statement makes, changes or grants a tablespace. Only words outside quotes tell: a role may be called
    /// anything.
    private static func isAboutTablespace(_ statement: String) -> Bool {
        let bare = statement.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
            .enumerated().filter { $0.offset % 2 == 0 }.map { String(Substring($0.element)) }
        let words = bare.joined(separator: " x ").split(separator: " ").prefix(12)
        guard let verb = words.first, let mark = words.firstIndex(of: "TABLESPACE") else { return false }
        switch verb {
        case "CREATE", "ALTER", "DROP": return mark == 1
        case "COMMENT": return mark == 2
        case "GRANT", "REVOKE": return words[mark - 1] == "ON"
        default: return false
        }
    }

    /// Splits SQL into statements without their semicolons; knows quotes, backslashes in E'…' and comments to the end
    /// of a line, which is all that `pg_dumpall` writes.
    static func statements(_ text: String) -> [String] {
        var statements: [String] = []
        var current = String.UnicodeScalarView()
        var quote: Unicode.Scalar?
        var escapes = false
        var rest = Array(text.unicodeScalars)[...]
        func finish() {
            let statement = String(current)
            let trimmed = String(statement.drop { $0 == "\n" || $0 == " " })
            if !trimmed.isEmpty { statements.append(trimmed) }
            current.removeAll()
        }
        while let scalar = rest.popFirst() {
            if let open = quote {
                current.append(scalar)
                if escapes, scalar == "\\", let next = rest.popFirst() { current.append(next) }
                if scalar == open { quote = nil }
                continue
            }
            switch scalar {
            case "'", "\"":
                escapes = scalar == "'" && (current.last == "E" || current.last == "e")
                quote = scalar
                current.append(scalar)
            case "-" where rest.first == "-":
                rest = rest.drop { $0 != "\n" }
            case "\\" where current.allSatisfy { $0 == "\n" || $0 == " " }:
                rest = rest.drop { $0 != "\n" }
            case ";": finish()
            default: current.append(scalar)
            }
        }
        finish()
        return statements
    }

    /// The identifier at the beginning of a text, without its quotes.
    static func identifier(_ text: String) -> String {
        var rest = text.unicodeScalars[...]
        guard rest.first == "\"" else {
            return String(Substring(rest.prefix { $0 != " " && $0 != ";" && $0 != "\n" }))
        }
        var name = String.UnicodeScalarView()
        rest = rest.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else { break }
                rest = rest.dropFirst()
            }
            name.append(scalar)
        }
        return String(name)
    }
}
