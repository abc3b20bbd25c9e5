/// What of the databases of a server is saved, where not all of it is.
package struct PostgresScope: Sendable, Equatable {
    /// Tables as `schema.table` whose rows are left out; their definitions are saved. Of a partitioned table these are
    /// the rows of all partitions.
    package var excludedRows: [String]
    /// Whether roles and their memberships are saved.
    package var savesRoles: Bool

    /// Everything, unless something is said.
    package init(excludedRows: [String] = [], savesRoles: Bool = true) {
        self.excludedRows = excludedRows
        self.savesRoles = savesRoles
    }

    /// Why something is not in a snapshot that might be.
    static let reason = "left out by the policy"
}
