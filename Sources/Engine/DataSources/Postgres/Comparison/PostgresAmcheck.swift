import Formats
import Platform

/// Asks the server's own `pg_amcheck` whether the tables and B-tree indexes of a database are sound on its disk: each
/// row can be read, and each is found in each index.
package struct PostgresAmcheck: Sendable {
    private let place: PostgresLocation
    private let database: String
    private let jobs: Int
    private let binariesDirectory: String?
    private let cancellation: any Cancellation

    /// Looks at one database of the server at `place`.
    package init(
        _ place: PostgresLocation, database: String, jobs: Int = 2, binariesDirectory: String? = nil,
        cancellation: any Cancellation = NeverCancelled()
    ) {
        self.place = place
        self.database = database
        self.jobs = jobs
        self.binariesDirectory = binariesDirectory
        self.cancellation = cancellation
    }

    /// Runs it. Throws `.unverifiable` where the program, or the extension that it needs, is not there. The extension
    /// is made for it, and removed again.
    package func run() throws -> PostgresComparison.Outcome {
        try cancellation.check()
        let connection = try PostgresSession.writing(place, database: database)
        let major = connection.serverVersion / 10_000
        let binaries = try PostgresBinaries.find(
            major: major, programs: ["pg_amcheck"], given: binariesDirectory)
        let wasThere = try telling("cannot look into the database \(database)") {
            guard
                try connection.value("SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'") == "1"
            else {
                throw Failure(
                    .unverifiable, "the server does not have the extension amcheck",
                    hint: "install Debian's postgresql-\(major)")
            }
            let wasThere = try connection.value("SELECT count(*) FROM pg_extension WHERE extname = 'amcheck'") == "1"
            if !wasThere { try connection.execute("CREATE EXTENSION amcheck SCHEMA pg_catalog") }
            return wasThere
        }
        defer { if !wasThere { _ = try? connection.execute("DROP EXTENSION amcheck") } }
        let compared = try telling("cannot count the tables of \(database)") {
            try connection.value(
                """
                SELECT count(*) FROM pg_class c JOIN pg_am a ON a.oid = c.relam
                WHERE c.relpersistence <> 't' AND (c.relkind IN ('r', 'm', 't') AND a.amname = 'heap'
                    OR c.relkind = 'i' AND a.amname = 'btree')
                """)
        }
        let answer = try ChildProcess.run(
            [
                binaries.path("pg_amcheck"), "--no-password", "--heapallindexed", "--parent-check", "--jobs=\(jobs)",
                place.conninfo(database: database),
            ], environment: PostgresEnvironment.connecting(marks: place.marks), cancellation: cancellation)
        let found = Self.differences(String(decoding: answer.output, as: UTF8.self))
        // 2 is its word for damage; anything else that is no success says that it could not look.
        guard answer.ending.succeeded || answer.ending.code == 2 && !found.isEmpty else {
            throw Failure(
                .unverifiable, "pg_amcheck could not look at \(database) (\(answer.ending.words))",
                cause: answer.complaint)
        }
        return PostgresComparison.Outcome(compared: UInt64(compared) ?? 0, differences: found)
    }

    /// Takes what it printed apart: `btree index "shop.public.a_idx":`, and what is wrong with it in lines that are
    /// set in. Of each object the first is kept.
    static func differences(_ text: String) -> [PostgresComparison.Difference] {
        var found: [PostgresComparison.Difference] = []
        var object: String?
        for line in text.split(separator: "\n") {
            if !line.hasPrefix(" ") {
                object = line.contains("\"") ? String(line.prefix { $0 != "," && $0 != ":" }) : nil
            } else if let name = object {
                let words = line.drop { $0 == " " }
                found.append(.init(object: name, expected: "sound", actual: String(words)))
                object = nil
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.object).inserted }
    }
}
