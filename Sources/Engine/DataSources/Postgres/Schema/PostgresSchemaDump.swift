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
    /// The key of the hashes.
    var key: [UInt8]

    /// The words that start `pg_dump`. No password is among them.
    var arguments: [String] {
        var words = [
            binaries.path("pg_dump"), "--dbname", location.conninfo(database: database), "--format=custom",
            "--compress=0", "--section=pre-data", "--section=post-data", "--no-password", "--lock-wait-timeout=20000",
        ]
        if let snapshot { words.append("--snapshot=\(snapshot)") }
        return words + excluded.map { "--exclude-table=\($0)" }
    }

    /// The words that make text of an archive on standard input.
    var inventoryArguments: [String] { [binaries.path("pg_restore"), "--file=-", "--no-tablespaces"] }
}
