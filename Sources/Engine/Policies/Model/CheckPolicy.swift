/// A question that the policy asks of what came back.
package struct CheckPolicy: Sendable, Equatable {
    /// Its name in reports; no two of a policy are equal.
    package var identifier: String
    /// Whether a real recovery would wait for the answer. Otherwise it is an audit: told, and timed apart.
    package var isGating: Bool
    /// The longest time that it may take, seconds; nil for what every check may take.
    package var timeoutSeconds: Double?
    package var kind: Kind

    /// What is asked.
    package enum Kind: Sendable, Equatable {
        /// One that every source brings (`postgres.rowCounts`), by its type: to say whether it is gating. nil: of every
        /// source.
        case brought(type: String, source: String?)
        /// One value that a query gives.
        case sql(Query, expect: SQLExpectation)
        /// The newest instant that a query gives lies at most so many seconds before the snapshot's data time.
        case sqlLag(Query, maxSeconds: Double)
        /// Every path that a query returns exists among the restored files of a source, but for so many.
        case crossReferences(Query, existsIn: String, missing: Int)
        /// A program, by its words with placeholders, ends with this code; what it writes holds a match.
        case command(argv: [String], exit: Int32, stdoutMatches: String?)
        /// An address on this machine answers.
        case http(url: String, status: Int, contains: String?, matches: String?)
    }

    /// A query to a database that came back.
    package struct Query: Sendable, Equatable {
        /// The source that the database belongs to.
        package var source: String
        /// The database; nil for the source's only one.
        package var database: String?
        /// The role that asks, so that its rights are tried too; nil for the superuser.
        package var role: String?
        package var text: String

        /// Makes a query.
        package init(source: String, database: String? = nil, role: String? = nil, text: String) {
            self.source = source
            self.database = database
            self.role = role
            self.text = text
        }
    }

    /// Makes a check.
    package init(_ identifier: String, _ kind: Kind, isGating: Bool = true, timeoutSeconds: Double? = nil) {
        self.identifier = identifier
        self.kind = kind
        self.isGating = isGating
        self.timeoutSeconds = timeoutSeconds
    }

    /// What it asks a database; nil for one that asks none.
    package var query: Query? {
        switch kind {
        case .sql(let query, _), .sqlLag(let query, _), .crossReferences(let query, _, _): query
        case .brought, .command, .http: nil
        }
    }

    /// The longest time that a check of the policy may take which does not say otherwise: a program that never answers
    /// must not keep a nightly drill for ever. Seconds.
    package static let timeoutSeconds = 600.0

    /// The word in the file's `type`.
    package var type: String {
        switch kind {
        case .brought(let type, _): type
        case .sql: "sql"
        case .sqlLag: "sql.lag"
        case .crossReferences: "cross.references"
        case .command: "command"
        case .http: "http"
        }
    }
}
