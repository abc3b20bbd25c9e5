import Platform

/// What a program that is started on what came back finds in its environment: nothing of salvor's own that could lead
/// to production, or be a secret, and the ways to what came back.
struct StagedEnvironment {
    let area: StagingArea
    /// The directory of the restored files.
    let files: [UInt8]
    /// The databases in the order of the snapshot.
    let databases: [StagedDatabase]

    /// The variables.
    var variables: [String: String] {
        var variables = Environment.all().filter { Self.isHarmless($0.key) }
        variables[area.mark.name] = area.mark.value
        variables["SALVOR_DRILL_FILES"] = String(decoding: files, as: UTF8.self)
        // The first database under the plain name, each one also under its own.
        let address = "SALVOR_DRILL_DATABASE_URL"
        for database in databases.reversed() {
            variables["\(address)_\(Self.variableName(database.name))"] = database.url
            variables[address] = database.url
            // A bare `psql` goes to what came back, and not to the socket of this machine's own server.
            for (name, value) in database.variables { variables[name] = value }
            variables["PGDATABASE"] = database.name
        }
        if databases.isEmpty { variables["PGHOST"] = "/nonexistent" }
        return variables
    }

    /// What a program needs to run at all; everything else a policy says itself.
    private static let harmless: Set = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TZ", "LANG", "TMPDIR"]

    private static func isHarmless(_ name: String) -> Bool { harmless.contains(name) || name.hasPrefix("LC_") }

    /// A database's name as a part of a variable's: upper case, everything but letters and digits as `_`.
    static func variableName(_ name: String) -> String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
