import Formats
import Platform

/// How finely the rows of each table of a database are cut, the same every night unless the nights show that it does
/// not fit: another cut makes all of a table's chunks new, once.
///
/// Small chunks find what stays the same between scattered changes: of a table of which one row in a hundred changed at
/// random, 42 % is new at 4 KiB, 85 % at 16 KiB, 98 % at 64 KiB. They cost memory: every chunk of a repository has a
/// row in the index. So a database begins with the finest cut that makes about a million chunks of it.
struct PostgresCuts: Sendable, Equatable {
    /// A table as the catalogue names it.
    struct Name: Hashable, Sendable {
        var schema: String
        var table: String
    }

    /// The name of the file in a database's directory.
    static let fileName = "cuts.json"

    /// Bytes of a chunk, on average, of tables that have no cut of their own.
    var averageBytes: Int
    /// The tables with a cut of their own.
    var exceptions: [Name: Int] = [:]

    /// The finest cut.
    static let finest = 4 << 10
    /// The coarsest that a database begins with.
    static let coarsest = 64 << 10
    /// About how many chunks a database is cut into at first.
    private static let chunks: Int64 = 1 << 20
    /// A night in which so much of a table was new that a finer cut costs little more.
    private static let churn = 0.5
    /// A night in which so little was new that a coarser cut would have done as well.
    private static let rest = 0.05
    /// A table smaller than this is not worth another cut for the memory that it saves.
    private static let largeBytes: UInt64 = 1 << 30

    /// The cuts of a database that is saved for the first time, of so many bytes of rows.
    init(databaseBytes: Int64) { averageBytes = Self.initial(databaseBytes) }

    /// Reads what `json` gave; nil when it is something else.
    init?(_ json: JSONValue) {
        guard json["format"]?.whole == 1, let average = Self.size(json["averageBytes"]) else { return nil }
        averageBytes = average
        for element in json["tables"]?.elements ?? [] {
            guard let schema = element["schema"]?.text, let table = element["name"]?.text,
                let average = Self.size(element["averageBytes"])
            else { return nil }
            exceptions[Name(schema: schema, table: table)] = average
        }
    }

    private static func size(_ json: JSONValue?) -> Int? {
        json?.whole.flatMap { (Int64(finest)...Int64(1 << 20)).contains($0) ? Int($0) : nil }
    }

    private static func initial(_ databaseBytes: Int64) -> Int {
        var average = finest
        while average < coarsest, databaseBytes / Int64(average) > chunks { average *= 2 }
        return average
    }

    /// Bytes of a chunk of this table, on average.
    subscript(name: Name) -> Int { exceptions[name] ?? averageBytes }

    /// What the file holds; the same bytes for the same cuts.
    var json: JSONValue {
        let tables = exceptions.sorted { ($0.key.schema, $0.key.table) < ($1.key.schema, $1.key.table) }
        return [
            "format": 1, "averageBytes": JSONValue(averageBytes),
            "tables": .array(
                tables.map {
                    [
                        "schema": .string($0.key.schema), "name": .string($0.key.table),
                        "averageBytes": JSONValue($0.value),
                    ]
                }),
        ]
    }

    /// Learns from a night, not the first one, in which `newBytes` of the `bytes` of a table were new.
    ///
    /// Finer where most of the table is new anyway. Coarser for a large table at rest, when its database has grown so
    /// far that it would begin sixteen times coarser: rarely enough that storing it once more pays.
    mutating func learn(_ name: Name, bytes: UInt64, newBytes: UInt64, databaseBytes: Int64) {
        guard bytes > 0 else { return }
        let (now, share) = (self[name], Double(newBytes) / Double(bytes))
        if share >= Self.churn, now > Self.finest {
            exceptions[name] = max(Self.finest, now / 4)
        } else if share <= Self.rest, bytes >= Self.largeBytes, Self.initial(databaseBytes) >= now * 16 {
            exceptions[name] = now * 4
        }
    }

    /// Forgets tables that are not there any more.
    mutating func keep(_ names: Set<Name>) { exceptions = exceptions.filter { names.contains($0.key) } }
}
