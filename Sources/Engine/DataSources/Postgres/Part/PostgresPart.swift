import Platform

/// One table, or one schema, of a database in a snapshot: `tables/public.orders`, `tables/public`.
///
/// The words are the names of the snapshot's own tree. A table's directory has exactly one dot, between schema and
/// table, because dots inside names are escaped there: what has none is a schema.
struct PostgresPart: Sendable, Equatable {
    /// The name of the table's directory, or of the schema as it would be written there.
    let name: String
    /// Whether it is a schema.
    let isSchema: Bool

    /// Reads the names that follow the database's in an item's address; nil when they name no such part.
    init?(_ path: [[UInt8]]) {
        guard path.count == 2, path[0] == Array("tables".utf8) else { return nil }
        name = String(decoding: path[1], as: UTF8.self)
        isSchema = !name.contains(".")
    }

    /// Whether an object of the archive is the table, or lies in the schema, that is meant.
    func isMeant(_ object: PostgresArchiveObject) -> Bool {
        if isSchema {
            return object.schema == nil
                ? object.type == "SCHEMA" && PostgresText.fileName([object.name]) == name
                : object.schema.map { PostgresText.fileName([$0]) } == name
        }
        return object.type == "TABLE" && object.schema.map { PostgresText.fileName([$0, object.name]) } == name
    }
}
