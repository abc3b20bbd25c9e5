import Entries

/// The rows of one part of a table, read under the snapshot when the sink asks for them.
struct PostgresTableContent: ContentSource {
    let capture: PostgresDatabaseCapture
    let entry: Entry
    let relation: Int
    let part: Int
    let profile: CutProfile

    func open() throws -> any ContentReader { try PostgresTableReader(self) }
}
