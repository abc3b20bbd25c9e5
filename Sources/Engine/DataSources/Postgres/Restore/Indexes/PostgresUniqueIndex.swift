/// A primary key or a unique constraint in two steps: an index that is built while others read the table, and the
/// constraint over it.
///
/// It knows what `pg_dump` writes for the plain ones, word for word. Any other statement (an exclusion, a second
/// statement behind it, a word that a later version has) is none, and is left to `pg_restore`.
struct PostgresUniqueIndex: Sendable, Equatable {
    var schema: String
    var table: String
    /// The name of the constraint, and of its index.
    var name: String
    private var isPrimary: Bool
    /// The columns by which it is sorted, as SQL takes them.
    private(set) var columns: [String]
    private var included: [String]?
    private var equatesNulls: Bool
    private var options: String?
    private var timing = ""

    /// Takes the SQL of an archive's entry apart.
    init?(_ sql: [UInt8]) {
        var scanner = PostgresStatementScanner(sql)
        guard scanner.take("ALTER TABLE ONLY "), let schema = scanner.name(), scanner.take("."),
            let table = scanner.name(), scanner.take("\n    ADD CONSTRAINT "), let name = scanner.name()
        else { return nil }
        self.schema = schema
        self.table = table
        self.name = name
        isPrimary = scanner.take(" PRIMARY KEY")
        guard isPrimary || scanner.take(" UNIQUE") else { return nil }
        equatesNulls = scanner.take(" NULLS NOT DISTINCT")
        guard !(isPrimary && equatesNulls), scanner.take(" "), let columns = scanner.names() else { return nil }
        self.columns = columns
        if scanner.take(" INCLUDE ") {
            guard let names = scanner.names() else { return nil }
            included = names
        }
        if scanner.take(" WITH ") {
            guard let words = scanner.options() else { return nil }
            options = words
        }
        if scanner.take(" DEFERRABLE") {
            timing = scanner.take(" INITIALLY DEFERRED") ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE"
        }
        guard scanner.take(";"), scanner.isAtEnd else { return nil }
    }

    private static func list(_ columns: [String]) -> String { "(\(columns.joined(separator: ", ")))" }

    /// The table as SQL takes it.
    var quotedTable: String { PostgresText.identifier(schema, table) }

    /// Builds the index. The clauses have another order here than in a constraint.
    var create: String {
        "CREATE UNIQUE INDEX \(PostgresText.identifier(name)) ON ONLY \(quotedTable) \(Self.list(columns))"
            + (included.map { " INCLUDE \(Self.list($0))" } ?? "") + (equatesNulls ? " NULLS NOT DISTINCT" : "")
            + (options.map { " WITH \($0)" } ?? "")
    }

    /// Makes the index the constraint's.
    var attach: String {
        let quoted = PostgresText.identifier(name)
        return "ALTER TABLE ONLY \(quotedTable) ADD CONSTRAINT \(quoted) \(isPrimary ? "PRIMARY KEY" : "UNIQUE") "
            + "USING INDEX \(quoted)\(timing)"
    }

    /// Takes the index away again.
    var drop: String { "DROP INDEX IF EXISTS \(PostgresText.identifier(schema, name))" }
}
