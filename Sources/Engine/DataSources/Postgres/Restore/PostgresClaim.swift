import Platform

/// Keeps two restores from working on one database at the same time, by a lock that ends with the session.
enum PostgresClaim {
    /// "salv" as a number, so that nobody else's locks are meant.
    private static let kind = 0x7361_6c76
    /// The server needs a moment to see that a killed restore has gone.
    private static let patience = 10.0

    /// Takes the lock for each database. Throws `.busy` when another restore holds one.
    static func take(
        _ names: [String], with entrance: PostgresConnection, clock: any Clock, cancellation: any Cancellation
    ) throws {
        let deadline = clock.monotonicSeconds() + patience
        for name in names.sorted() {
            let question = "SELECT pg_try_advisory_lock(\(kind), hashtext(\(PostgresText.literal(name))))"
            while try telling("cannot lock the database \(name)", { try entrance.value(question) }) != "t" {
                guard clock.monotonicSeconds() < deadline else {
                    throw Failure(
                        .busy, "another salvor is restoring into the database \(name)", hint: "wait until it has ended")
                }
                try cancellation.check()
                Pause.sleep(seconds: 0.1)
            }
        }
    }
}
