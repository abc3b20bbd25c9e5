/// One relation whose rows are copied, as the catalogue describes it.
struct PostgresTable: Sendable, Equatable {
    var oid: String
    var schema: String
    var name: String
    /// `r` for a table or a partition that holds rows, `p` for a partitioned root, which holds none itself.
    var kind: String
    /// `p` permanent, `u` unlogged.
    var persistence: String
    /// Whether our role may lock it and read all of its columns.
    var isReadable: Bool
    /// Whether row-level security would hide rows from our role.
    var isFiltered: Bool
    /// Bytes of its main fork under the snapshot; 0 where nobody asked.
    var bytes: Int64
    /// Whether its rows lie in a heap, which can be read by ranges of blocks.
    var isHeap: Bool
    /// The extension whose configuration it holds, nil for a table of the user.
    var extensionName: String?
    /// `WHERE …` as the extension declared it, empty for all rows.
    var condition: String
    /// The columns that COPY takes: no generated and no dropped ones.
    var columns: [String]
    /// The root of the partition tree (schema and name), where rows are spread by a hash; empty elsewhere. Hashes of
    /// some types, enums among them, differ between servers: a row may belong into another partition there.
    var hashRoot: [String] = []
    /// False for a table that the snapshot shows and that is dropped by now.
    var isThere = true

    /// The name as people write it: `public.orders`.
    var shown: String { "\(schema).\(name)" }
    /// The name as SQL takes it.
    var quoted: String { PostgresText.identifier(schema, name) }
    /// Whether it holds rows of its own.
    var holdsRows: Bool { kind == "r" }
    /// What must be equal before the locks and under the snapshot.
    var identity: [String] { [oid, schema, name, kind] }

    /// A part of a big table is this many blocks, whatever the number of workers: part n covers the same blocks each
    /// night, so an unchanged part is an unchanged stream. 4,096 blocks of 8 KiB are 32 MiB: small enough that no
    /// session is long alone with the last one, here and when they are loaded again.
    static let blocksInPart: Int64 = 4_096

    /// How many parts the rows are read in.
    func parts(serverVersion: Int, blockBytes: Int64) -> Int {
        guard isHeap, condition.isEmpty, serverVersion >= 140_000 else { return 1 }
        let blocks = (bytes + blockBytes - 1) / blockBytes
        return max(1, Int((blocks + Self.blocksInPart - 1) / Self.blocksInPart))
    }

    /// The statement that sends the rows of one part. The last part has no upper end: the table may have grown.
    func copyOut(part: Int, of parts: Int, encoding: String) -> String {
        let options = " TO STDOUT WITH (FORMAT text, ENCODING \(PostgresText.literal(encoding)))"
        if parts == 1, condition.isEmpty { return "COPY \(quoted)\(PostgresText.columns(columns))" + options }
        let list = columns.map { PostgresText.identifier($0) }.joined(separator: ", ")
        var filter = condition
        if parts > 1 {
            let first = Int64(part) * Self.blocksInPart
            filter = "WHERE ctid >= '(\(first),0)'::pg_catalog.tid"
            if part < parts - 1 { filter += " AND ctid < '(\(first + Self.blocksInPart),0)'::pg_catalog.tid" }
        }
        return "COPY (SELECT \(list) FROM ONLY \(quoted) \(filter))" + options
    }

    /// The statement that takes the rows back, `into` a quoted name or into the table itself. `freezing` marks the rows
    /// as seen by everybody, which the server allows in the transaction that emptied the table.
    func copyIn(encoding: String, into target: String? = nil, freezing: Bool = false) -> String {
        "COPY \(target ?? quoted)\(PostgresText.columns(columns)) FROM STDIN "
            + "WITH (FORMAT text, ENCODING \(PostgresText.literal(encoding))\(freezing ? ", FREEZE" : ""))"
    }

    /// The contents of all large objects, which the server keeps in one table of pages.
    static func largeObjects(bytes: Int64) -> PostgresTable {
        PostgresTable(
            oid: "2613", schema: "pg_catalog", name: "pg_largeobject", kind: "r", persistence: "p", isReadable: true,
            isFiltered: false, bytes: bytes, isHeap: true, extensionName: nil, condition: "",
            columns: ["loid", "pageno", "data"])
    }
}
