import Entries

/// The rows of one part of a table, read under the snapshot when the sink asks for them.
struct PostgresTableContent: ContentSource {
    let capture: PostgresDatabaseCapture
    let entry: Entry
    let relation: Int
    let part: Int

    /// Small chunks: in a table of which one row in a hundred changes, nearly every 64 KiB hold a changed one.
    let profile = CutProfile.lines(averageBytes: 16 << 10)

    func open() throws -> any ContentReader { try PostgresTableReader(self) }
}
