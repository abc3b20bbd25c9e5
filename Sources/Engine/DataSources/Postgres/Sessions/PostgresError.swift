import Platform

/// What the server or libpq said; stays inside the adapter, which turns it into a `Failure` that names its object.
struct PostgresError: Error {
    /// Five characters, such as `42501`; empty when the words are libpq's own.
    var sqlState: String
    /// The primary message, without a line break at its end.
    var message: String
    var detail: String?
    var hint: String?
    /// Where it happened, such as `COPY orders, line 3, column total`.
    var context: String?
    /// The session is gone.
    var connectionLost: Bool

    static let lockNotAvailable = "55P03"
    static let insufficientPrivilege = "42501"
    /// A session that only reads hears this from a standby alone: replaying went before it.
    static let serializationFailure = "40001"

    /// The message with detail and context, in one line.
    var words: String {
        [message, detail, context.map { "at " + $0.split(separator: "\n").joined(separator: ", ") }]
            .compactMap { $0 }.joined(separator: " — ")
    }

    /// The failure that a person sees: `sentence` names what failed and on which object.
    func failure(_ sentence: String, hint wanted: String? = nil) -> Failure {
        let kind: FailureKind = connectionLost ? .unreachable : .failed
        return Failure(
            kind, sentence, hint: wanted ?? hint ?? Self.hint(for: sqlState, lost: connectionLost), cause: words)
    }

    private static func hint(for state: String, lost: Bool) -> String? {
        if lost {
            return "look into the server's log for the moment when the session ended, then run the same command again"
        }
        switch state {
        case insufficientPrivilege:
            return "use a role that may read everything: a superuser, or a member of pg_read_all_data"
        case "53200": return "raise max_locks_per_transaction on the server"
        case lockNotAvailable: return "end the session that holds the lock, then run the same command again"
        default: return nil
        }
    }
}

/// Runs `body`; what the server says against it becomes a failure that begins with `sentence`.
func telling<Answer>(_ sentence: @autoclosure () -> String, _ body: () throws -> Answer) throws -> Answer {
    do { return try body() } catch let error as PostgresError { throw error.failure(sentence()) }
}
