import Formats
import Platform

/// One database of a manifest.
package struct PostgresDatabaseManifest: Sendable, Equatable {
    /// What the database is, beside what is in it.
    package var facts: PostgresFacts
    /// The name of its directory in the snapshot.
    package var directory: String
    package var tables: [PostgresTableManifest] = []
    /// The pages of all large objects, nil when they could not be read.
    package var largeObjects: PostgresTableManifest?
    /// How many large objects there are.
    package var largeObjectCount: UInt64 = 0
    var sequences: [PostgresSequence] = []
    /// The hash of every definition, nil when the definitions could not be saved.
    var structure: PostgresStructure?
    /// The program that wrote the definitions, such as `pg_dump 15.18`.
    var tool = ""
    var invalidIndexes: [String] = []
    var unvalidatedConstraints: [String] = []
    package var coverage = PostgresCoverage()

    /// The database's name.
    package var name: String { facts.name }
    /// How many objects of each type were defined, such as `INDEX`.
    package var objectCounts: [(type: String, count: Int)] { structure?.counts ?? [] }
    /// Rows of all tables.
    package var rows: UInt64 { tables.reduce(0) { $0 + $1.rows } }

    /// The manifest as it is stored; nothing in it changes while the database does not.
    var json: JSONValue {
        .object([
            .init("database", .string(name)), .init("directory", .string(directory)), .init("facts", facts.json),
            .init("tables", .array(tables.map(\.json))), .init("sequences", Self.json(sequences)),
            .init(
                "largeObjects",
                largeObjects.map { pages in
                    ["count": JSONValue(largeObjectCount), "pages": pages.json]
                } ?? .null),
            .init(
                "structure",
                structure.map { structure in
                    .object([
                        .init("tool", .string(tool)), .init("hash", .sum(structure.hash)),
                        .init("counts", .object(structure.counts.map { .init($0.type, JSONValue($0.count)) })),
                        .init(
                            "definitions",
                            .object(
                                structure.definitions.sorted { $0.key < $1.key }.map {
                                    .init($0.key, .sum($0.value))
                                })),
                    ])
                } ?? .null),
            .init("invalidIndexes", .array(invalidIndexes.map { .string($0) })),
            .init("unvalidatedConstraints", .array(unvalidatedConstraints.map { .string($0) })),
            .init("coverage", coverage.json),
        ])
    }

    /// The list of sequences, as `sequences.json` holds it too.
    static func json(_ sequences: [PostgresSequence]) -> JSONValue {
        .array(
            sequences.map { sequence in
                [
                    "schema": .string(sequence.schema), "name": .string(sequence.name),
                    "lastValue": .integer(sequence.lastValue), "isCalled": .bool(sequence.isCalled),
                ]
            })
    }

    init(facts: PostgresFacts, directory: String) {
        self.facts = facts
        self.directory = directory
    }

    init(_ json: JSONValue) throws(Failure) {
        guard let facts = json["facts"], let directory = json["directory"]?.text, let tables = json["tables"]?.elements
        else {
            throw Failure(.failed, "the manifest describes a database in a way that this salvor cannot read")
        }
        self.facts = try PostgresFacts(facts)
        self.directory = directory
        for table in tables { self.tables.append(try PostgresTableManifest(table)) }
        if let pages = json["largeObjects"]?["pages"] { largeObjects = try PostgresTableManifest(pages) }
        largeObjectCount = UInt64(clamping: json["largeObjects"]?["count"]?.whole ?? 0)
        sequences = (json["sequences"]?.elements ?? []).map {
            PostgresSequence(
                schema: $0["schema"]?.text ?? "", name: $0["name"]?.text ?? "", lastValue: $0["lastValue"]?.whole ?? 0,
                isCalled: $0["isCalled"]?.flag ?? false)
        }
        if let definitions = json["structure"]?["definitions"]?.members {
            var known: [String: UInt128] = [:]
            for definition in definitions { known[definition.key] = definition.value.sum }
            structure = PostgresStructure(definitions: known)
        }
        tool = json["structure"]?["tool"]?.text ?? ""
        invalidIndexes = json["invalidIndexes"]?.texts ?? []
        unvalidatedConstraints = json["unvalidatedConstraints"]?.texts ?? []
        coverage = PostgresCoverage(json["coverage"])
    }
}
