import Platform

/// A session that asks a restored database a person's own questions. It changes nothing: every statement runs in a
/// read-only transaction.
///
/// One thread uses it. It connects as the role that asks, so that the role's own settings and rights hold, as they do
/// for the application.
package final class PostgresInquiry {
    private let connection: PostgresConnection
    private let cancellation: any Cancellation
    private let name: String

    /// Connects to a database. `role` nil is the location's own user. Throws a `PostgresQuestionProblem` when the role
    /// cannot connect while others can.
    package init(
        _ place: PostgresLocation, database: String, role: String? = nil, cancellation: any Cancellation
    ) throws {
        self.cancellation = cancellation
        name = database
        var options = place.options(database: database) + [.init("application_name", "salvor drill")]
        if let role { options.append(.init("user", role)) }
        do throws(Failure) {
            connection = try PostgresConnection(options, named: place.text)
        } catch {
            guard let role else { throw error }
            // That the server can be reached otherwise shows that it is the role that is wrong.
            _ = try PostgresConnection(place.options(database: database), named: place.text)
            throw PostgresQuestionProblem("the role \(role) cannot connect to \(database)", cause: error.cause)
        }
        try telling("cannot set up a session in \(database)") {
            try connection.execute("SET TimeZone = 'UTC'; SET client_min_messages = warning")
        }
    }

    /// Makes a role that may read everything and change nothing, for questions that name no role: what a database's own
    /// functions do is done with the rights of who asks. Answers whether the server knows such roles (from 14 on).
    package static func makeReader(_ role: String, in place: PostgresLocation) throws -> Bool {
        let connection = try PostgresConnection(place.options(database: "postgres"), named: place.text)
        guard connection.serverVersion >= 140_000 else { return false }
        let name = PostgresText.identifier(role)
        try telling("cannot make a role that only reads") {
            try connection.execute("CREATE ROLE \(name) LOGIN BYPASSRLS NOSUPERUSER IN ROLE pg_read_all_data")
        }
        return true
    }

    /// The one value that a query gives; its shape is told when it is not one value. What the server says against the
    /// query is a `PostgresQuestionProblem`.
    package func value(_ query: String) throws -> PostgresAnswer {
        try inTransaction {
            try understood { try PostgresAnswer.ask(Self.single(query), of: connection) { try cancellation.check() } }
        }
    }

    /// Gives the texts in the first column of a query's rows to `body`, some thousand at a time; NULLs are left out.
    package func texts(_ query: String, _ body: ([String]) throws -> Void) throws {
        try inTransaction {
            _ = try run("DECLARE salvor_asks NO SCROLL CURSOR FOR \(Self.single(query))")
            while true {
                let rows = try run("FETCH 5000 FROM salvor_asks")
                if rows.count == 0 { return }
                try body((0..<rows.count).compactMap { rows.optional($0, 0) })
            }
        }
    }

    private func run(_ sql: String) throws -> PostgresRows {
        try understood { try connection.query(sql) { try cancellation.check() } }
    }

    /// Turns what the server says against the question into a problem of the question.
    private func understood<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do { return try body() } catch let error as PostgresError {
            if error.connectionLost { throw error.failure("the server of \(name) was lost during a query") }
            throw PostgresQuestionProblem("the query failed in \(name)", error)
        }
    }

    private func inTransaction<Answer>(_ body: () throws -> Answer) throws -> Answer {
        try telling("cannot begin a transaction in \(name)") { try connection.execute("BEGIN READ ONLY") }
        defer { try? connection.execute("ROLLBACK") }
        return try body()
    }

    /// A query without the semicolon at its end: one statement can be put into another.
    static func single(_ query: String) -> String {
        var scalars = query.unicodeScalars[...]
        while let last = scalars.last, last == ";" || last.properties.isWhitespace { scalars = scalars.dropLast() }
        return String(scalars)
    }
}
