import Formats
import Platform

/// What the catalogue of one database says; every query works in a session with an empty search path.
enum PostgresCatalog {
    /// The objects that are neither the system's nor a member of an extension, except its configuration tables.
    private static let ownership = """
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am a ON a.oid = c.relam
        LEFT JOIN LATERAL (
            SELECT e.extname, coalesce(c.oid = ANY (e.extconfig), false) AS configured,
                e.extcondition[array_position(e.extconfig, c.oid)] AS condition
            FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_extension'::regclass
                AND d.deptype = 'e' LIMIT 1) x ON true
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND (x.extname IS NULL OR x.configured)
        """

    /// All tables and partitioned roots, in the order of their names. `sizes` waits for locks that others hold;
    /// `checking` is called meanwhile, and throws to stop.
    static func tables(
        _ connection: PostgresConnection, sizes: Bool, checking: () throws -> Void = {}
    ) throws -> [PostgresTable] {
        let rows = try connection.query(
            """
            SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence,
                coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'), false),
                coalesce(row_security_active(c.oid), false), \(sizes ? size : "0"), coalesce(a.amname = 'heap', false),
                x.extname, coalesce(x.condition, ''),
                (SELECT json_agg(t.attname ORDER BY t.attnum) FROM pg_attribute t WHERE t.attrelid = c.oid
                    AND t.attnum > 0 AND NOT t.attisdropped AND t.attgenerated = ''),
                (SELECT json_build_array(rn.nspname, r.relname) FROM pg_class r JOIN pg_namespace rn
                    ON rn.oid = r.relnamespace WHERE c.relispartition AND r.oid = pg_partition_root(c.oid) AND EXISTS (
                        SELECT FROM pg_partition_ancestors(c.oid) o JOIN pg_partitioned_table p ON p.partrelid = o.relid
                        WHERE p.partstrat = 'h') AND NOT EXISTS (
                        SELECT FROM pg_partition_ancestors(c.oid) o JOIN pg_class a ON a.oid = o.relid WHERE NOT (
                        has_schema_privilege(a.relnamespace, 'USAGE') AND has_table_privilege(a.oid, 'SELECT')))),
                has_table_privilege(c.oid, 'SELECT') IS NOT NULL
            \(ownership) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """, checking: checking)
        return try (0..<rows.count).map { row in
            PostgresTable(
                oid: rows[row, 0], schema: rows[row, 1], name: rows[row, 2], kind: rows[row, 3],
                persistence: rows[row, 4], isReadable: rows.flag(row, 5), isFiltered: rows.flag(row, 6),
                bytes: rows.number(row, 7), isHeap: rows.flag(row, 8), extensionName: rows.optional(row, 9),
                condition: rows[row, 10], columns: try names(rows[row, 11]),
                hashRoot: try names(rows[row, 12]), isThere: rows.flag(row, 13))
        }
    }

    private static let size = """
        CASE WHEN has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
            THEN coalesce(pg_relation_size(c.oid), 0) ELSE 0 END
        """

    private static func names(_ json: String) throws -> [String] {
        if json.isEmpty { return [] }
        do { return try JSONParser.parse(Array(json.utf8)).elements?.compactMap(\.text) ?? [] } catch {
            throw Failure(.failed, "the catalogue holds a column name that is no text", cause: error.sentence)
        }
    }

    /// All sequences, without their values.
    static func sequences(_ connection: PostgresConnection) throws -> [PostgresSequence] {
        let rows = try connection.query(
            """
            SELECT n.nspname, c.relname,
                coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT'), false),
                NOT (c.relpersistence = 'u' AND pg_is_in_recovery())
            \(ownership) AND c.relkind = 'S' AND c.relpersistence <> 't'
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """)
        return (0..<rows.count).map {
            PostgresSequence(
                schema: rows[$0, 0], name: rows[$0, 1], isReadable: rows.flag($0, 2), isThere: rows.flag($0, 3),
                lastValue: 0, isCalled: false)
        }
    }

    /// The same sequences with their present values. They follow no snapshot, so they are read after the rows; one that
    /// was dropped meanwhile is not among them.
    static func values(
        of sequences: [PostgresSequence], _ connection: PostgresConnection
    ) throws(PostgresError) -> [PostgresSequence] {
        var known: [PostgresSequence] = []
        for start in stride(from: 0, to: sequences.count, by: 200) {
            let batch = Array(sequences[start..<min(start + 200, sequences.count)])
            if let values = try valuesIfAll(batch, connection) {
                known += values
            } else {
                for sequence in batch { known += try valuesIfAll([sequence], connection) ?? [] }
            }
        }
        return known
    }

    /// Nil when one of them is not there any more, or not readable; the transaction goes on.
    private static func valuesIfAll(
        _ batch: [PostgresSequence], _ connection: PostgresConnection
    ) throws(PostgresError) -> [PostgresSequence]? {
        try connection.execute("SAVEPOINT value")
        let selects = batch.indices.map { "SELECT \($0), last_value, is_called FROM \(batch[$0].quoted)" }
        let rows: PostgresRows
        do throws(PostgresError) { rows = try connection.query(selects.joined(separator: " UNION ALL ")) } catch {
            if error.connectionLost { throw error }
            try connection.execute("ROLLBACK TO SAVEPOINT value; RELEASE SAVEPOINT value")
            return nil
        }
        try connection.execute("RELEASE SAVEPOINT value")
        var batch = batch
        for row in 0..<rows.count {
            batch[Int(rows.number(row, 0))].lastValue = rows.number(row, 1)
            batch[Int(rows.number(row, 0))].isCalled = rows.flag(row, 2)
        }
        return batch
    }

    /// Names, one a row, that a query gives in its first column.
    static func list(_ connection: PostgresConnection, _ sql: String) throws -> [String] {
        let rows = try connection.query(sql)
        return (0..<rows.count).map { rows[$0, 0] }
    }

    /// The indexes that the server does not use, or not yet.
    static func invalidIndexes(
        _ connection: PostgresConnection, kinds: String = "'i', 'I'"
    ) throws -> [String] {
        try list(
            connection,
            """
            SELECT n.nspname || '.' || c.relname \(ownership) AND c.relkind IN (\(kinds)) AND EXISTS (
                SELECT FROM pg_index i WHERE i.indexrelid = c.oid AND NOT (i.indisvalid AND i.indisready)) ORDER BY 1
            """)
    }

    /// The constraints that were never checked against the rows that were there.
    static func unvalidatedConstraints(_ connection: PostgresConnection) throws -> [String] {
        try list(
            connection,
            """
            SELECT n.nspname || '.' || c.relname || ' ' || k.conname FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT k.convalidated AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1
            """)
    }

    /// The foreign tables: their definitions are saved, their rows lie elsewhere.
    static func foreignTables(_ connection: PostgresConnection) throws -> [String] {
        try list(connection, "SELECT n.nspname || '.' || c.relname \(ownership) AND c.relkind = 'f' ORDER BY 1")
    }
}
