import Platform

/// Whether a server can make a database with the encoding and the locale of another, and sorts as that one did.
struct PostgresLocales {
    let facts: PostgresFacts
    /// The name of the database that is to be made.
    let name: String
    let entrance: PostgresConnection

    /// Adds what is in the way, and what is worth knowing. Nothing is made for it.
    func check(_ answer: inout PostgresPreflight.Answer) throws {
        if try entrance.value("SELECT pg_char_to_encoding(\(PostgresText.literal(facts.encoding)))") == "-1" {
            refuse("the server does not know the encoding \(facts.encoding)", nil, &answer)
        }
        var seen: Set<String> = []
        for locale in [facts.collate, facts.characterType] where !locale.isEmpty && seen.insert(locale).inserted {
            if try !hasLocale(locale) {
                refuse(
                    "the locale \(locale) is not installed on the server's machine",
                    "install it there (locale-gen), or restore into an empty database that you made with another one",
                    &answer)
            }
        }
        if facts.provider == "i",
            try entrance.value("SELECT count(*) FROM pg_collation WHERE collprovider = 'i'") == "0"
        {
            refuse("the server was built without ICU, which sorts the source's texts", nil, &answer)
        }
        if let version = try collationVersion(), !facts.collationVersion.isEmpty, version != facts.collationVersion {
            answer.notices.append(
                Finding(
                    .notice, name,
                    "collation version \(facts.collationVersion) in the source, \(version) in this server: text may "
                        + "sort differently; indexes are built anew and are right"))
        }
    }

    private func refuse(_ sentence: String, _ hint: String?, _ answer: inout PostgresPreflight.Answer) {
        answer.obstacles.append(PostgresObstacle(object: name, sentence: sentence, hint: hint))
    }

    /// A setting whose value is a locale is checked as CREATE DATABASE checks its own, whatever the encoding here.
    private func hasLocale(_ locale: String) throws -> Bool {
        do throws(PostgresError) {
            try entrance.execute("BEGIN")
            try entrance.execute("SET LOCAL lc_monetary = \(PostgresText.literal(locale))")
            try entrance.execute("ROLLBACK")
            return true
        } catch {
            if error.connectionLost { throw error }
            try entrance.execute("ROLLBACK")
            return error.sqlState != "22023"
        }
    }

    /// The version that the server's own library gives to collations of this kind; nil when it tells none.
    private func collationVersion() throws -> String? {
        let column = entrance.serverVersion >= 170_000 ? "colllocale" : "colliculocale"
        let condition: String
        switch facts.provider {
        case "c" where !["C", "POSIX"].contains(facts.collate) && !facts.collate.hasPrefix("C."):
            condition = "collprovider = 'c'"
        case "i" where entrance.serverVersion >= 150_000:
            condition = "collprovider = 'i' AND \(column) = \(PostgresText.literal(facts.locale))"
        default: return nil
        }
        let version = try entrance.value(
            """
            SELECT max(v) FROM (SELECT pg_collation_actual_version(oid) AS v FROM pg_collation WHERE \(condition)) c
            """)
        return version.isEmpty ? nil : version
    }
}
