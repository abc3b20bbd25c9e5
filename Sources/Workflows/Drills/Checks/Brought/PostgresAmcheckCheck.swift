import DataSources
import Formats
import Platform

/// `postgres.amcheck`: the server's own `pg_amcheck` finds its tables and indexes sound. Only an audit: a logical
/// restore writes both anew, so what it finds speaks of the machine, and where it is not installed it says so.
package enum PostgresAmcheckCheck: DrillCheck {
    package static let identifier = "postgres.amcheck"
    package static let adapter = "postgres"
    package static let isGating = false
    package static let origin = "the engine"
    // It looks for what only a machine does to pages.
    package static let claims: Set<StagedDamage> = []

    package static func run(_ subject: CheckSubject, cancellation: any Cancellation) throws -> CheckAnswer {
        guard case .server(let place, let programs) = subject.place else {
            throw Failure(.unverifiable, "\(subject.source) came back to no server")
        }
        let databases = try PostgresManifest(subject.tree.manifest()).databases
        var compared: UInt64 = 0
        var differing: [String] = []
        for database in databases {
            let outcome = try PostgresAmcheck(
                place, database: database.name, jobs: subject.threads, binariesDirectory: programs,
                cancellation: cancellation
            ).run()
            compared += outcome.compared
            let prefix = databases.count > 1 ? "\(database.name): " : ""
            differing += outcome.differences.map { "\(prefix)\($0.object): \($0.actual)" }
        }
        let expected = "\(Quantity.count(compared)) tables and indexes sound"
        return CheckAnswer(
            expected: expected,
            actual: differing.isEmpty ? expected : "\(Quantity.count(differing.count)) of them damaged",
            detail: Quantity.count(databases.count, "database") + ", each row looked for in each B-tree index",
            differing: differing, compared: compared)
    }
}
