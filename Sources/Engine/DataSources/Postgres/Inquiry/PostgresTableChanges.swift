import Platform

/// Changes of some rows of one table, each of which some sound question would notice: rows gone or doubled, values gone
/// or turned, one column at a time.
struct PostgresTableChanges {
    /// What is done, and the statement that does it.
    let all: [(words: String, statement: String)]
    /// The statements that take away what would forbid them.
    let unchecking: [String]

    private let table: String

    /// Reads the columns of a table; `table` is its quoted name.
    init(_ table: String, in connection: PostgresConnection, database: String) throws {
        self.table = table
        let literal = PostgresText.literal(table)
        let (columns, checks) = try telling("cannot read the columns of \(table) in \(database)") {
            (
                try connection.query(
                    """
                    SELECT quote_ident(attname), attnotnull, typcategory, typname, attidentity FROM pg_attribute a
                        JOIN pg_type t ON t.oid = a.atttypid
                        WHERE attrelid = \(literal)::regclass AND attnum > 0 AND NOT attisdropped
                            AND attgenerated = '' ORDER BY attnum
                    """),
                try connection.query(
                    """
                    SELECT quote_ident(conname) FROM pg_constraint
                        WHERE conrelid = \(literal)::regclass AND contype = 'c'
                    """
                )
            )
        }
        unchecking = (0..<checks.count).map { "ALTER TABLE \(table) DROP CONSTRAINT \(checks[$0, 0])" }
        let few = "WHERE ctid IN (SELECT ctid FROM ONLY \(table) LIMIT \(Self.rowsMax))"
        var list = [("rows deleted", "DELETE FROM ONLY \(table) \(few)")]
        let own = (0..<columns.count).filter { columns[$0, 4] != "a" }
        for row in own {
            let column = columns[row, 0]
            for (words, value) in Self.turns(column, category: columns[row, 2], type: columns[row, 3]) {
                list.append((words, "UPDATE ONLY \(table) SET \(column) = \(value) \(few)"))
            }
            if !columns.flag(row, 1) {
                list.append(("values removed", "UPDATE ONLY \(table) SET \(column) = NULL \(few)"))
            }
        }
        let names = own.filter { columns[$0, 4] == "" }.map { columns[$0, 0] }.joined(separator: ", ")
        if !names.isEmpty {
            let some = "SELECT \(names) FROM ONLY \(table) LIMIT \(Self.rowsMax)"
            list.append(("rows doubled", "INSERT INTO \(table) (\(names)) \(some)"))
        }
        all = list
    }

    /// So many rows are changed: as good as all of a small table, and soon done in a large one.
    private static let rowsMax = 1000

    /// What a column's values become; one that was absent is there then.
    private static func turns(_ column: String, category: String, type: String) -> [(words: String, value: String)] {
        switch category {
        case "N":
            [("numbers changed", "-1 - coalesce(\(column), 0)"), ("numbers changed", "coalesce(\(column), 0) + 1e6")]
        case "S": [("texts changed", "coalesce(\(column), '') || '~'")]
        case "B": [("truth values turned", "NOT coalesce(\(column), false)")]
        case "D": [("dates changed", "coalesce(\(column), now()) - interval '100 years'")]
        case "E":
            [
                (
                    "values changed",
                    "CASE WHEN \(column) = enum_last(\(column)) THEN enum_first(\(column)) "
                        + "ELSE enum_last(\(column)) END"
                )
            ]
        default: type == "uuid" ? [("keys changed", "gen_random_uuid()")] : []
        }
    }
}
