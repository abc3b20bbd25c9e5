import Platform

/// What libpq's programs get from our environment: the password, because they connect, but none of ours.
enum PostgresEnvironment {
    /// The variables of a child that connects to a server, `marks` among them.
    static func connecting(options: String? = nil, marks: [String: String] = [:]) -> [String: String] {
        var variables = Environment.withoutSecrets().merging(marks) { _, mark in mark }
        for name in ["PGCLIENTENCODING", "PGDATABASE"] { variables[name] = nil }
        variables["PGPASSWORD"] = Environment.value("PGPASSWORD")
        variables["LC_MESSAGES"] = "C"
        variables["LC_ALL"] = nil
        // Instants in definitions, such as the bounds of partitions, are written in the session's time zone.
        variables["PGTZ"] = "UTC"
        if let options {
            variables["PGOPTIONS"] = [variables["PGOPTIONS"], options].compactMap { $0 }.joined(separator: " ")
        }
        return variables
    }

    /// The words in front of a program by which it ends when we are killed: it must not stay in a server, nor go on in
    /// a database that the next run makes anew. None where the program for that is missing. The thread that starts
    /// such a program must live as long as it does.
    static let boundToUs: [String] = {
        let words = ["setpriv", "--pdeathsig", "KILL", "--"]
        let probe = try? ChildProcess.run(words + ["true"], environment: local())
        return probe?.ending.succeeded == true ? words : []
    }()

    /// The variables of a child that does not connect, `marks` among them.
    static func local(marks: [String: String] = [:]) -> [String: String] {
        Environment.withoutSecrets().filter { !$0.key.hasPrefix("PG") }.merging(marks) { _, mark in mark }
    }
}
