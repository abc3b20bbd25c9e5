import DataSources
import Platform

/// `postgres.rowCounts`: every table has as many rows as the source counted while it was saved.
package enum PostgresRowCountsCheck: DrillCheck {
    package static let identifier = "postgres.rowCounts"
    package static let adapter = "postgres"
    package static let isGating = true
    package static let claims: Set<StagedDamage> = [.deletedRow]

    package static func run(_ subject: CheckSubject, cancellation: any Cancellation) throws -> CheckAnswer {
        try PostgresQuestion(subject, cancellation: cancellation)
            .answer(promise: PostgresQuestion.tablesAndRows, noun: "table") { try $0.rowCounts() }
    }
}
