import Entries

/// The rows of one part of a table, read under the snapshot when the sink asks for them.
struct PostgresTableContent: ContentSource {
    let capture: PostgresDatabaseCapture
    let entry: Entry
    let relation: Int
    let part: Int
    /// Bytes of a chunk, on average.
    let averageBytes: Int

    var profile: CutProfile { .lines(averageBytes: averageBytes) }
    var rule: LineBorder.Rule { LineBorder.Rule(averageBytes: averageBytes) }

    func open() throws -> any ContentReader { try PostgresTableReader(self) }
}
