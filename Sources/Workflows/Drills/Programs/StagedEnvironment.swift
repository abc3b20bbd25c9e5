import Platform

/// What a program that is started on what came back finds in its environment, without the secrets of salvor's own.
struct StagedEnvironment {
    let area: StagingArea
    /// The directory of the restored files.
    let files: [UInt8]
    /// The databases in the order of the snapshot: each one's name and its address.
    let databases: [(name: String, url: String)]

    /// The variables: what salvor itself was started with, but for what would lead to production.
    var variables: [String: String] {
        var variables = Environment.withoutSecrets()
        for name in Self.leading { variables[name] = nil }
        variables[area.mark.name] = area.mark.value
        variables["SALVOR_DRILL_FILES"] = String(decoding: files, as: UTF8.self)
        // The first database under the plain name, each one also under its own.
        let address = "SALVOR_DRILL_DATABASE_URL"
        variables[address] = databases.first?.url
        for database in databases.reversed() {
            variables["\(address)_\(Self.variableName(database.name))"] = database.url
        }
        return variables
    }

    /// libpq's ways to a server.
    private static let leading = [
        "PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE", "PGHOSTADDR", "PGPASSFILE", "PGSERVICEFILE",
    ]

    /// A database's name as a part of a variable's: upper case, everything but letters and digits as `_`.
    static func variableName(_ name: String) -> String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
