import Platform

/// The sessions that copy rows: made when a content is opened, used again by the next one.
final class PostgresWorkers: @unchecked Sendable {
    private let location: PostgresLocation
    private let database: String
    private let lock = Lock()
    private var idle: [PostgresConnection] = []

    /// Makes an empty set; a session is made when it is needed.
    init(_ location: PostgresLocation, database: String) {
        self.location = location
        self.database = database
    }

    /// A session outside any transaction.
    func take() throws -> PostgresConnection {
        if let connection = lock.locked({ idle.popLast() }) { return connection }
        return try PostgresSession.reading(location, database: database)
    }

    /// Takes a session back that is outside any transaction. One in doubt is not given back: it is dropped.
    func giveBack(_ connection: PostgresConnection) { lock.locked { idle.append(connection) } }
}
