/// What a restore into a server did, and how long it took.
package struct PostgresRestoreOutcome: Sendable {
    /// A stretch of the restore with its own clock.
    package struct Stage: Sendable, Equatable {
        package var name: String
        package var seconds: Double
    }

    /// One table that was filled.
    package struct Table: Sendable, Equatable {
        /// `database: schema.table`
        package var name: String
        /// Seconds of all its parts together; parts may have been loaded at the same time.
        package var seconds: Double
        package var bytes: UInt64
        package var rows: UInt64
    }

    /// The names that the databases have now.
    package var databases: [String] = []
    /// The server's version in words.
    package var serverVersion = ""
    /// Stages in the order in which they ended, with seconds of the clock; those of several databases are added up. The
    /// verification runs beside indexes, constraints and statistics, so the sum may be more than the whole.
    package var stages: [Stage] = []
    /// Every table, the one that took longest first.
    package var tables: [Table] = []
    /// What could not be restored, or not wholly.
    package var findings: [Finding] = []

    /// Adds seconds to a stage.
    mutating func add(_ seconds: Double, to name: String) {
        if let index = stages.firstIndex(where: { $0.name == name }) {
            stages[index].seconds += seconds
        } else {
            stages.append(Stage(name: name, seconds: seconds))
        }
    }
}
