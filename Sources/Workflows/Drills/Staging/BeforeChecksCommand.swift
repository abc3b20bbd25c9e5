import Platform

/// The user's own command, run on what came back before the checks look at it: to make it usable, to ask it questions,
/// or to damage it and see that the checks notice.
///
/// It is a line for `/bin/sh`, since it is the user's to write. It runs as the user who runs salvor, who may reach both
/// the files and the server's socket, in the area, without the secrets of salvor's environment.
struct BeforeChecksCommand {
    let line: String
    let area: StagingArea
    /// The directory of the restored files.
    let files: [UInt8]
    /// The databases in the order of the snapshot: each one's name and its address.
    let databases: [(name: String, url: String)]

    /// What the command finds in its environment, beside what salvor itself was started with.
    var environment: [String: String] {
        var variables = Environment.withoutSecrets()
        for name in [
            "PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE", "PGHOSTADDR", "PGPASSFILE", "PGSERVICEFILE",
        ] {
            variables[name] = nil
        }
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

    /// Runs the command to its end; throws `.unverifiable` with its words when it fails, since what the checks would
    /// see then is not what was meant.
    func run(_ cancellation: any Cancellation) throws {
        let outcome = try ChildProcess.run(
            ["/bin/sh", "-c", line], environment: environment, limit: 1 << 20,
            directory: String(decoding: area.path, as: UTF8.self), cancellation: cancellation)
        guard outcome.ending.succeeded else {
            let words = outcome.errors.isEmpty ? nil : outcome.complaint
            throw Failure(
                .unverifiable, "the command before the checks failed (\(outcome.ending.words)): \(line)", cause: words)
        }
    }

    /// A database's name as a part of a variable's: upper case, everything but letters and digits as `_`.
    static func variableName(_ name: String) -> String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
