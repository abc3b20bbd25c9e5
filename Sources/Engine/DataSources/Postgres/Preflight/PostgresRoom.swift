import Platform

/// How much room a restore needs, and how much the disk of the server has.
struct PostgresRoom {
    /// The rows as COPY text.
    let textBytes: UInt64
    let rows: UInt64
    let entrance: PostgresConnection

    /// The server adds 28 bytes to each row.
    private static let rowBytes: UInt64 = 28

    /// With less than this it cannot be done, however well long values are compressed.
    var least: UInt64 { textBytes / 2 }
    /// With its indexes a database is usually not larger than this.
    var likely: UInt64 { (textBytes + rows * Self.rowBytes) / 10 * 13 }

    /// The bytes that are free where the server keeps its data, with those of the databases that are dropped first;
    /// nil when that place is not to be seen from here: a server behind a socket may live in a container.
    func free(dropping names: [String]) throws -> UInt64? {
        // Only those who may read all settings are told.
        guard let directory = try? entrance.value("SHOW data_directory"), !directory.isEmpty,
            let known = try? entrance.value("SELECT system_identifier FROM pg_control_system()"),
            Self.identifier(of: directory) == UInt64(known),
            let free = try? FreeSpace.bytes(at: Array(directory.utf8))
        else { return nil }
        let list = names.map { PostgresText.literal($0) }.joined(separator: ", ")
        if list.isEmpty { return free }
        let dropped = try entrance.value(
            "SELECT coalesce(sum(pg_database_size(oid)), 0) FROM pg_database WHERE datname IN (\(list))")
        return free + (UInt64(dropped) ?? 0)
    }

    /// The number of the cluster that lies in a directory: the first eight bytes of its control file.
    private static func identifier(of directory: String) -> UInt64? {
        guard let bytes = try? FileTree.read(Array("\(directory)/global/pg_control".utf8), limit: 64 << 10),
            bytes.count >= 8
        else { return nil }
        return bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }
}
