/// What one file says about one system: what is saved, where to, what was promised, and how it is proved.
///
/// A value of this type is valid: whoever reads the file refuses everything else, with the place of each mistake.
package struct Policy: Sendable, Equatable {
    /// The name of the system: `[a-z0-9][a-z0-9-]*`, at most 40 bytes.
    package var name: String
    /// The name of a time zone of the IANA's database, in which people are shown instants.
    package var timezone: String
    package var repository: RepositoryPolicy
    /// In the order of the file; no two have the same name.
    package var sources: [SourcePolicy]
    package var objectives: ObjectivesPolicy
    package var drill: DrillPolicy
    /// The path by which the file was read, as it was given.
    package var path: [UInt8]
    /// The file's SHA-256, 64 hexadecimal digits.
    package var digest: String

    /// Makes a policy that promises nothing and proves what every drill proves.
    package init(
        name: String, timezone: String, repository: RepositoryPolicy, sources: [SourcePolicy],
        objectives: ObjectivesPolicy = ObjectivesPolicy(), drill: DrillPolicy = DrillPolicy(), path: [UInt8] = [],
        digest: String = ""
    ) {
        self.name = name
        self.timezone = timezone
        self.repository = repository
        self.sources = sources
        self.objectives = objectives
        self.drill = drill
        self.path = path
        self.digest = digest
    }
}
