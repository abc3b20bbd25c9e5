import DataSources
import Formats
import Platform

/// Asks one question of every database of a source, and puts the answers together.
struct PostgresQuestion {
    /// Every database of the source, with the comparison that answers.
    private let databases: [(manifest: PostgresDatabaseManifest, comparison: PostgresComparison)]

    /// Prepares the comparisons. Throws `.unverifiable` for a source that came back to no server.
    init(_ subject: CheckSubject, cancellation: any Cancellation) throws {
        guard case .server(let place, let programs) = subject.place else {
            throw Failure(.unverifiable, "\(subject.source) came back to no server")
        }
        let manifest = try PostgresManifest(subject.tree.manifest())
        databases = manifest.databases.map { database in
            let comparison = PostgresComparison(
                database, of: manifest, in: place, database: database.name, rowHashKey: subject.rowHashKey,
                jobs: subject.threads, binariesDirectory: programs, cancellation: cancellation)
            return (database, comparison)
        }
    }

    /// Asks. `promise` says what is expected in all; `noun` is what is compared, in the singular.
    func answer(
        promise: ([PostgresDatabaseManifest]) -> String, noun: String,
        _ ask: (PostgresComparison) throws -> PostgresComparison.Outcome
    ) throws -> CheckAnswer {
        var compared: UInt64 = 0
        var differing: [String] = []
        var notices: [String] = []
        for (database, comparison) in databases {
            let outcome = try ask(comparison)
            compared += outcome.compared
            let prefix = databases.count > 1 ? "\(database.name): " : ""
            notices += outcome.notices.map { "; \(prefix)\($0.object): \($0.sentence)" }
            differing += outcome.differences.map { "\(prefix)\($0.object): \($0.sentence)" }
        }
        let expected = promise(databases.map(\.manifest))
        let names = databases.map(\.manifest.name).joined(separator: ", ")
        return CheckAnswer(
            expected: expected,
            actual: differing.isEmpty
                ? expected : "\(Quantity.count(differing.count, noun)) of \(Quantity.count(compared)) not as expected",
            detail: Quantity.count(databases.count, "database") + ": \(names)" + notices.joined(),
            differing: differing,
            compared: compared)
    }

    /// `12 tables, 48,120 rows`.
    static func tablesAndRows(_ databases: [PostgresDatabaseManifest]) -> String {
        let tables = databases.reduce(0) { $0 + $1.tables.count }
        let rows = databases.reduce(UInt64(0)) { $0 + $1.rows }
        return "\(Quantity.count(tables, "table")), \(Quantity.count(rows, "row"))"
    }
}
