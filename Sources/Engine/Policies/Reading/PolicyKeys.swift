/// Which keys may stand where.
enum PolicyKeys {
    static let top = ["format", "name", "timezone", "repository", "sources", "objectives", "drill"]
    static let repository = ["url", "password"]
    static let password = ["file", "env", "command"]
    static let files = ["adapter", "root", "exclude", "excludeCaches", "oneFileSystem"]
    static let postgres = ["adapter", "connect", "databases", "globals", "exclude"]
    static let objectives = ["rpo", "rto"]
    static let drill = [
        "staging", "stagingUser", "timeout", "timeouts", "keepOnFailure", "jobs", "select", "proveChecks", "postgres",
        "start", "checks",
    ]
    static let select = ["at"]
    static let drillPostgres = ["binaries"]
    static let start = ["name", "argv", "environment", "ready"]
    static let ready = ["http", "command", "status", "within"]
    static let everyCheck = ["id", "type", "gating", "timeout"]
    static let query = ["source", "database", "as", "query"]
    static let sqlExpectation = ["equals", "atLeast", "atMost", "between", "matches"]
    static let commandExpectation = ["exit", "stdoutMatches"]

    /// The checks that every source of an adapter brings, and whether they are gating where a policy says nothing.
    static let brought: [(type: String, adapter: String, isGating: Bool)] = [
        ("files.manifest", "files", true), ("postgres.rowCounts", "postgres", true),
        ("postgres.checksums", "postgres", true), ("postgres.structure", "postgres", true),
        ("postgres.amcheck", "postgres", false),
    ]

    /// The keys of a check beside those of every check; nil for a type that there is not.
    static func check(_ type: String) -> [String]? {
        switch type {
        case "sql": query + ["expect"]
        case "sql.lag": query + ["max"]
        case "cross.references": query + ["existsIn", "missing"]
        case "command": ["argv", "expect"]
        case "http": ["url", "status", "contains", "matches"]
        case _ where brought.contains { $0.type == type }: ["source"]
        default: nil
        }
    }

    /// All types of checks.
    static let checkTypes = ["sql", "sql.lag", "cross.references", "command", "http"] + brought.map(\.type)

    /// Keys of later versions, which nobody may believe to be kept by this one.
    static let later: Set<String> = [
        "bandwidth", "copies", "drills", "evidence", "extends", "holds", "hooks", "include", "labels", "limits",
        "metrics", "notify", "owner", "ping", "profiles", "repositories", "reports", "retention", "schedule",
        "stagings", "systems", "vars",
    ]

    /// Where a key belongs that stands in the wrong place, in words; nil for one that belongs nowhere.
    static func home(of key: String) -> String? {
        let homes = [
            ("the policy itself", top), ("`repository`", repository), ("`objectives`", objectives), ("`drill`", drill),
            ("`drill.start[…].ready`", ready), ("a source of files", files), ("a source of databases", postgres),
        ]
        return homes.first { $0.1.contains(key) }?.0
    }
}
