import Platform

/// What a format gets to write a whole repository down: every system in it.
package struct RepositoryBook: Sendable, Equatable {
    /// One system: what proves it, and what it can be brought back to.
    package struct System: Sendable, Equatable {
        package var name: String
        /// Oldest first. Reports with a wrong signature prove nothing, and are not among them.
        package var drills: [Report]
        /// Oldest data first.
        package var points: [RecoveryPoint]

        /// Makes a system.
        package init(_ name: String, drills: [Report] = [], points: [RecoveryPoint] = []) {
            self.name = name
            self.drills = drills
            self.points = points
        }
    }

    /// Where the repository is.
    package var location: String
    /// The version of the tool that writes.
    package var version: String
    /// By name.
    package var systems: [System]
    /// How many snapshots and reports cannot be read, and are not among the systems'.
    package var unreadable: Int
    /// How many reports have a wrong signature, and are not among the systems'.
    package var forged: Int
    /// The instant of the writing.
    package var now: Instant

    /// Makes a book.
    package init(
        location: String, version: String, systems: [System], unreadable: Int = 0, forged: Int = 0, now: Instant
    ) {
        self.unreadable = unreadable
        self.forged = forged
        self.now = now
        self.location = location
        self.version = version
        self.systems = systems
    }
}
