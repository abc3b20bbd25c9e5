import Platform

/// The sessions that copy rows: made when one is needed, used again for the next rows. A new one costs the server a
/// process that has yet to meet its shared memory and its catalogue.
final class PostgresWorkers: @unchecked Sendable {
    private let location: PostgresLocation
    private let database: String
    private let make: @Sendable (PostgresLocation, String?) throws -> PostgresConnection
    private let lock = Lock()
    private var idle: [PostgresConnection] = []

    /// An empty set of sessions that `make` sets up.
    init(
        _ location: PostgresLocation, database: String,
        making make: @escaping @Sendable (PostgresLocation, String?) throws -> PostgresConnection
    ) {
        self.location = location
        self.database = database
        self.make = make
    }

    /// A session outside any transaction.
    func take() throws -> PostgresConnection {
        if let connection = lock.locked({ idle.popLast() }) { return connection }
        return try make(location, database)
    }

    /// Takes a session back that is outside any transaction. One in doubt is not given back: it is dropped.
    func giveBack(_ connection: PostgresConnection) { lock.locked { idle.append(connection) } }

    /// Ends the sessions that nobody uses: a server's process keeps memory for each table that it has met.
    func endIdle() { lock.locked { idle = [] } }
}
