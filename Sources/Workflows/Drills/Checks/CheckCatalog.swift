/// Every check that adapters bring, in the order in which a drill asks.
package enum CheckCatalog {
    /// The checks themselves.
    package static let all: [any DrillCheck.Type] = [
        FilesManifestCheck.self,
        StandardInputBytesCheck.self,
        PostgresRowCountsCheck.self,
        PostgresChecksumsCheck.self,
        PostgresStructureCheck.self,
        PostgresAmcheckCheck.self,
    ]
}
