extension PostgresFacts {
    /// `ENCODING 'UTF8'`
    var encodingClause: String { "ENCODING \(PostgresText.literal(encoding))" }

    /// The statement that makes an empty database like this one, under a name that is written as SQL takes it.
    func creation(of database: String, serverVersion: Int) -> String {
        var words = [
            "CREATE DATABASE \(database) TEMPLATE template0", encodingClause,
            "LC_COLLATE \(PostgresText.literal(collate))", "LC_CTYPE \(PostgresText.literal(characterType))",
        ]
        if serverVersion >= 150_000 {
            switch provider {
            case "i": words += ["LOCALE_PROVIDER icu", "ICU_LOCALE \(PostgresText.literal(locale))"]
            case "b": words += ["LOCALE_PROVIDER builtin", "BUILTIN_LOCALE \(PostgresText.literal(locale))"]
            default: words.append("LOCALE_PROVIDER libc")
            }
        }
        return words.joined(separator: " ")
    }

    /// What gives a finished database its owner, rights, settings and comment: what each is about, and the statement.
    func properties(database: String) -> [(what: String, sql: String)] {
        var list = [("owner", "ALTER DATABASE \(database) OWNER TO \(PostgresText.identifier(owner))")]
        if connectionLimit >= 0 {
            list.append(("connection limit", "ALTER DATABASE \(database) CONNECTION LIMIT \(connectionLimit)"))
        }
        if !comment.isEmpty {
            list.append(("comment", "COMMENT ON DATABASE \(database) IS \(PostgresText.literal(comment))"))
        }
        if let grants {
            list.append(("rights", "REVOKE ALL ON DATABASE \(database) FROM PUBLIC"))
            for grant in grants {
                let role = grant.role.isEmpty ? "PUBLIC" : PostgresText.identifier(grant.role)
                let option = grant.isGrantable ? " WITH GRANT OPTION" : ""
                list.append(("rights", "GRANT \(grant.privilege) ON DATABASE \(database) TO \(role)\(option)"))
            }
        }
        for setting in settings { list.append(("setting \(setting.name)", setting.statement(database: database))) }
        return list
    }
}
