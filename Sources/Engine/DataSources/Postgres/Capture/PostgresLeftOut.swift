/// The tables of one database whose rows are left out.
struct PostgresLeftOut: Sendable {
    /// What refers to rows that are left out.
    struct Reference: Sendable {
        var table: String
        var constraint: String
    }

    /// The names, of those that were given, that name a table here.
    let found: Set<String>
    /// Foreign keys of tables that are saved into tables that are left out.
    let references: [Reference]
    private let oids: Set<String>

    /// Looks for the tables by their names, and for the partitions of those that are partitioned.
    init(_ names: [String], of tables: [PostgresTable], _ connection: PostgresConnection) throws {
        let named = tables.filter { names.contains($0.shown) }
        found = Set(named.map(\.shown))
        var oids = Set(named.map(\.oid))
        for root in named where !root.holdsRows {
            let tree = "SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(\(root.oid))"
            oids.formUnion(try PostgresCatalog.list(connection, tree))
        }
        self.oids = oids
        references = oids.isEmpty ? [] : try Self.references(to: oids, connection)
    }

    /// Whether the rows of a table are left out.
    func holds(_ table: PostgresTable) -> Bool { oids.contains(table.oid) }

    private static func references(to oids: Set<String>, _ connection: PostgresConnection) throws -> [Reference] {
        let list = oids.sorted().joined(separator: ", ")
        let rows = try connection.query(
            """
            SELECT n.nspname || '.' || c.relname, k.conname FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid IN (\(list)) AND k.conrelid NOT IN (\(list))
            ORDER BY 1, 2
            """)
        return (0..<rows.count).map { Reference(table: rows[$0, 0], constraint: rows[$0, 1]) }
    }
}
