import DataSources
import Formats
import Platform

/// `postgres.structure`: everything that was defined is defined as it was, and valid; sequences stand where they stood.
package enum PostgresStructureCheck: DrillCheck {
    package static let identifier = "postgres.structure"
    package static let adapter = "postgres"
    package static let isGating = true
    package static let claims: Set<StagedDamage> = [.droppedIndex, .rolledBackSequence]

    package static func run(_ subject: CheckSubject, cancellation: any Cancellation) throws -> CheckAnswer {
        try PostgresQuestion(subject, cancellation: cancellation)
            .answer(promise: promise, noun: "definition") { try $0.structure() }
    }

    private static func promise(_ databases: [PostgresDatabaseManifest]) -> String {
        let count = databases.reduce(0) { $0 + $1.objectCounts.reduce(0) { $0 + $1.count } }
        return Quantity.count(count, "definition")
    }
}
