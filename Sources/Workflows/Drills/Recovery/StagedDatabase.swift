/// A database in staging.
struct StagedDatabase: Equatable {
    let name: String
    /// libpq's address of it.
    let url: String
}
