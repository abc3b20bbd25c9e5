import Platform

/// How the definitions of one database are dumped: the programs, the database, the snapshot, what cannot be had.
struct PostgresSchemaDump: Sendable {
    var binaries: PostgresBinaries
    var location: PostgresLocation
    var database: String
    /// The snapshot to read under; nil reads the present state.
    var snapshot: String?
    /// The quoted names of what our role may not read: `pg_dump` would give up at the first of them.
    var excluded: [String] = []
    /// The quoted names of sequences whose values cannot be read: `pg_dump` reads a value with each definition.
    var valueless: [String] = []
    /// The encoding of the archive. The database's own loses nothing; a role may have another as its client's.
    var encoding = ""
    /// What the server is told when `pg_dump` connects; nil for nothing.
    var options: String?
    /// How long one wait for locks lasts.
    var lockSeconds = PostgresAdapter.lockSeconds
    /// The name of its session, by which it is found.
    let applicationName = "salvor schema \(Host.processID)-\(UInt32.random(in: 0 ... .max))"
    /// The key of the hashes.
    var key: [UInt8]

    /// The words that start `pg_dump`. No password is among them.
    var arguments: [String] {
        var words = [
            binaries.path("pg_dump"), "--dbname", location.conninfo(database: database), "--format=custom",
            "--compress=0", "--section=pre-data", "--section=post-data", "--no-password",
            "--lock-wait-timeout=\(lockSeconds * 1000)",
        ]
        if let snapshot { words.append("--snapshot=\(snapshot)") }
        if !encoding.isEmpty { words.append("--encoding=\(encoding)") }
        return words + excluded.map { "--exclude-table=\($0)" } + valueless.map { "--exclude-table-data=\($0)" }
    }

    /// The words that make text of an archive on standard input.
    var inventoryArguments: [String] { [binaries.path("pg_restore"), "--file=-", "--no-tablespaces"] }
}
