/// A PostgreSQL server, and what of it is saved.
package struct PostgresPolicy: Sendable, Equatable {
    /// The server's address, as `salvor backup` takes it: `postgres:service=shop`. It holds no password.
    package var connect: String
    /// The databases by name; empty for the one that `connect` names.
    package var databases: [String] = []
    /// Whether every database of the server is saved; `databases` is empty then.
    package var allDatabases = false
    /// Whether roles and their memberships are saved.
    package var globals = true
    /// Tables whose rows are left out, as `schema.table`; each is told in the coverage of the snapshot.
    package var exclude: [String] = []

    /// Takes the database that an address names.
    package init(connect: String) { self.connect = connect }
}
