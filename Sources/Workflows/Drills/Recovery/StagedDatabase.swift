/// A database in staging.
struct StagedDatabase: Sendable {
    let name: String
    /// The server's own ways to it, as libpq's variables name them: `PGHOST`, `PGPORT`, `PGUSER`.
    let variables: [String: String]
    /// libpq's address of a database of the same server, by its name.
    let address: @Sendable (String) -> String

    /// libpq's address of it.
    var url: String { address(name) }

    /// Another database of the same server.
    func named(_ other: String) -> StagedDatabase {
        StagedDatabase(name: other, variables: variables, address: address)
    }
}
