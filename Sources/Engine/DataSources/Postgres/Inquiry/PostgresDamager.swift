import Formats
import Platform

/// Damages a staged database in the ways that the checks claim to see. Never anything else but a throw-away server's.
package final class PostgresDamager {
    private let connection: PostgresConnection
    private let database: PostgresDatabaseManifest
    /// How many tables are tried for one damage.
    private static let triesMax = 50

    /// Connects to the staged database that came back from `database`.
    package init(_ database: PostgresDatabaseManifest, in place: PostgresLocation) throws {
        self.database = database
        connection = try PostgresSession.writing(place, database: database.name)
        // Triggers and foreign keys would undo, or refuse, what is done on purpose.
        try telling("cannot set up a session in \(database.name)") {
            try connection.execute("SET session_replication_role = replica; SET row_security = off")
        }
    }

    /// Makes a database with nothing in it, beside those that came back. One of that name is none of theirs.
    package static func makeEmptyDatabase(_ name: String, in place: PostgresLocation) throws {
        let connection = try PostgresSession.writing(place, database: "postgres")
        try telling("cannot make an empty database") {
            let quoted = PostgresText.identifier(name)
            try connection.execute("DROP DATABASE IF EXISTS \(quoted) WITH (FORCE)")
            try connection.execute("CREATE DATABASE \(quoted) TEMPLATE template0")
        }
    }

    /// Does one damage, not to the table `spared`; nil where the database has nothing that it could be done to.
    package func make(_ kind: PostgresDamage.Kind, sparing spared: String? = nil) throws -> PostgresDamage? {
        switch kind {
        case .deletedRow: try firstTable(sparing: spared, rows: 1) { try deleteRow(of: $0) }
        case .swappedValues: try firstTable(sparing: spared, rows: 2) { try swapValues(in: $0) }
        case .droppedIndex: try dropIndex()
        case .rolledBackSequence: try rollSequenceBack()
        }
    }

    /// Takes a damage back; answers whether it could.
    package func undo(_ damage: PostgresDamage) throws -> Bool {
        guard let statement = damage.undoing else { return false }
        return try attempt(statement)?.count == 2
    }

    /// The smallest tables first: what is done to one is the same whatever its size.
    private func firstTable(
        sparing spared: String?, rows: UInt64, _ body: (PostgresTableManifest) throws -> PostgresDamage?
    ) throws -> PostgresDamage? {
        let fitting = database.tables.filter { $0.rows >= rows && $0.condition.isEmpty && Self.name(of: $0) != spared }
        for table in fitting.sorted(by: { ($0.bytes, $0.shown) < ($1.bytes, $1.shown) }).prefix(Self.triesMax) {
            if let damage = try body(table) { return damage }
        }
        return nil
    }

    private func deleteRow(of table: PostgresTableManifest) throws -> PostgresDamage? {
        let quoted = table.table.quoted
        let gone = try attempt(
            "DELETE FROM ONLY \(quoted) WHERE ctid = (SELECT ctid FROM ONLY \(quoted) LIMIT 1) RETURNING 1")
        return gone?.count == 1 ? PostgresDamage(kind: .deletedRow, object: Self.name(of: table)) : nil
    }

    /// Two rows that differ in two columns change the value of one: every value is still there, and the table is
    /// another.
    private func swapValues(in table: PostgresTableManifest) throws -> PostgresDamage? {
        let quoted = table.table.quoted
        let columns = try attempt(Self.columns(of: quoted))
        guard let columns, columns.count >= 2 else { return nil }
        let names = (0..<columns.count).map { columns[$0, 0] }
        for (index, name) in names.enumerated() where columns.flag(index, 1) {
            for other in names where other != name {
                let pair = try attempt(
                    """
                    WITH few AS (SELECT ctid AS at, \(name)::text AS x, \(other)::text AS y
                        FROM ONLY \(quoted) LIMIT 300)
                    SELECT a.at, b.at FROM few a JOIN few b ON a.x IS DISTINCT FROM b.x
                        AND a.y IS DISTINCT FROM b.y LIMIT 1
                    """)
                guard let pair, pair.count == 1 else { continue }
                let swap = Self.swap(name, in: quoted, pair[0, 0], pair[0, 1])
                guard let moved = try attempt(swap), moved.count == 2 else { continue }
                return PostgresDamage(
                    kind: .swappedValues, object: Self.name(of: table),
                    undoing: Self.swap(name, in: quoted, moved[0, 0], moved[1, 0]))
            }
        }
        return nil
    }

    private static func swap(_ column: String, in table: String, _ one: String, _ other: String) -> String {
        """
        UPDATE ONLY \(table) t SET \(column) = (SELECT o.\(column) FROM ONLY \(table) o
            WHERE o.ctid IN ('\(one)', '\(other)') AND o.ctid <> t.ctid)
            WHERE t.ctid IN ('\(one)', '\(other)') RETURNING ctid
        """
    }

    /// Every column, and whether it may be given another row's value: none that is computed, and none of a unique
    /// index.
    private static func columns(of table: String) -> String {
        """
        SELECT quote_ident(attname), attgenerated = '' AND attidentity <> 'a' AND NOT EXISTS (
                SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique
                    AND a.attnum = ANY (i.indkey::int2[]))
            FROM pg_attribute a WHERE attrelid = \(PostgresText.literal(table))::regclass AND attnum > 0
                AND NOT attisdropped ORDER BY attnum LIMIT 40
        """
    }

    private func dropIndex() throws -> PostgresDamage? {
        let found = try telling("cannot list the indexes of \(database.name)") {
            try connection.query(
                """
                SELECT n.nspname, c.relname, k.conname, t.relname FROM pg_index i
                    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                    JOIN pg_class t ON t.oid = i.indrelid
                    LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
                WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema') AND NOT c.relispartition
                    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid IN (c.oid, t.oid) AND d.deptype = 'e')
                ORDER BY k.conname IS NOT NULL, pg_relation_size(c.oid), c.oid LIMIT \(Self.triesMax)
                """)
        }
        for row in 0..<found.count {
            let (schema, index) = (found[row, 0], found[row, 1])
            let statement =
                found.optional(row, 2).map {
                    "ALTER TABLE \(PostgresText.identifier(schema, found[row, 3])) DROP CONSTRAINT "
                        + PostgresText.identifier($0)
                } ?? "DROP INDEX \(PostgresText.identifier(schema, index))"
            if try attempt(statement) != nil {
                let object = found.optional(row, 2).map { "\(schema).\(found[row, 3]) \($0)" } ?? "\(schema).\(index)"
                return PostgresDamage(kind: .droppedIndex, object: object)
            }
        }
        return nil
    }

    private func rollSequenceBack() throws -> PostgresDamage? {
        for sequence in database.sequences where sequence.isCalled {
            let name = PostgresText.literal(PostgresText.identifier(sequence.schema, sequence.name))
            let statement = "SELECT setval(\(name)::regclass, \(sequence.lastValue), false)"
            if try attempt(statement) != nil {
                return PostgresDamage(kind: .rolledBackSequence, object: sequence.shown)
            }
        }
        return nil
    }

    /// Runs what the server may refuse; nil then. A lost session is thrown.
    private func attempt(_ statement: String) throws -> PostgresRows? {
        do throws(PostgresError) { return try connection.query(statement) } catch {
            if error.connectionLost { throw error.failure("cannot damage the staged copy of \(database.name)") }
            return nil
        }
    }

    /// The name under which a table is compared: partitions by hash count together.
    private static func name(of table: PostgresTableManifest) -> String {
        table.hashRoot.isEmpty ? table.shown : table.hashRoot.joined(separator: ".")
    }
}
