/// A database in staging.
struct StagedDatabase: Sendable {
    let name: String
    /// libpq's address of a database of the same server, by its name.
    let address: @Sendable (String) -> String

    /// libpq's address of it.
    var url: String { address(name) }

    /// The address of another database of the same server.
    func url(of other: String) -> String { address(other) }
}
