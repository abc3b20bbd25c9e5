import DataSources
import Platform

/// `postgres.checksums`: the rows of every table, and the large objects, are those that the source gave.
package enum PostgresChecksumsCheck: DrillCheck {
    package static let identifier = "postgres.checksums"
    package static let adapter = "postgres"
    package static let isGating = true
    package static let claims: Set<StagedDamage> = [.deletedRow, .swappedValues]

    package static func run(_ subject: CheckSubject, cancellation: any Cancellation) throws -> CheckAnswer {
        try PostgresQuestion(subject, cancellation: cancellation)
            .answer(promise: PostgresQuestion.tablesAndRows, noun: "table") { try $0.checksums() }
    }
}
