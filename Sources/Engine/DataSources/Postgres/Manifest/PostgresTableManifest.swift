import Formats
import Platform

/// One table of a manifest: where its rows lie, how many there were and what they add up to.
package struct PostgresTableManifest: Sendable, Equatable {
    package var schema: String
    package var name: String
    /// The name of its directory in `<db>/tables`.
    package var directory: String
    package var columns: [String]
    package var rows: UInt64
    /// Σ of the keyed hash of each row, modulo 2^128.
    package var hash: UInt128
    /// Bytes of COPY text.
    package var bytes: UInt64
    package var parts: Int
    /// The extension whose configuration it holds, nil for a user's table.
    package var extensionName: String?
    /// The rows that were taken, as `WHERE …`; empty for all.
    package var condition: String
    /// The root of the partition tree, schema and name, where rows are spread by a hash; else empty.
    var hashRoot: [String] = []
    /// Whether its rows are checked, or completed, by functions of the user, which may look into other tables: those
    /// must be filled before it.
    var callsFunctions = false

    /// The name as people write it: `public.orders`.
    package var shown: String { "\(schema).\(name)" }

    /// The same table for the code that copies.
    var table: PostgresTable {
        PostgresTable(
            oid: "", schema: schema, name: name, kind: "r", persistence: "p", isReadable: true, isFiltered: false,
            bytes: Int64(bytes), isHeap: false, extensionName: extensionName, condition: condition, columns: columns,
            hashRoot: hashRoot)
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("schema", .string(schema)), .init("name", .string(name)), .init("directory", .string(directory)),
            .init("columns", .array(columns.map { .string($0) })), .init("rows", JSONValue(rows)),
            .init("hash", .sum(hash)),
            .init("bytes", JSONValue(bytes)), .init("parts", JSONValue(parts)),
        ]
        if let extensionName { members.append(.init("extension", .string(extensionName))) }
        if !condition.isEmpty { members.append(.init("condition", .string(condition))) }
        if !hashRoot.isEmpty { members.append(.init("hashRoot", .array(hashRoot.map { .string($0) }))) }
        if callsFunctions { members.append(.init("callsFunctions", .bool(true))) }
        return .object(members)
    }

    init(_ table: PostgresTable, directory: String, parts: Int, tally: PostgresLedger.Tally) {
        schema = table.schema
        name = table.name
        self.directory = directory
        columns = table.columns
        rows = tally.rows
        hash = tally.sum
        bytes = tally.bytes
        self.parts = parts
        extensionName = table.extensionName
        condition = table.condition
        hashRoot = table.hashRoot
    }

    init(_ json: JSONValue) throws(Failure) {
        guard let schema = json["schema"]?.text, let name = json["name"]?.text, let directory = json["directory"]?.text,
            let rows = json["rows"]?.whole, let hash = json["hash"]?.sum, let parts = json["parts"]?.whole
        else { throw Failure(.failed, "the manifest describes a table in a way that this salvor cannot read") }
        self.schema = schema
        self.name = name
        self.directory = directory
        columns = json["columns"]?.texts ?? []
        self.rows = UInt64(clamping: rows)
        self.hash = hash
        bytes = UInt64(clamping: json["bytes"]?.whole ?? 0)
        self.parts = Int(parts)
        extensionName = json["extension"]?.text
        condition = json["condition"]?.text ?? ""
        hashRoot = json["hashRoot"]?.texts ?? []
        callsFunctions = json["callsFunctions"]?.flag ?? false
    }
}
