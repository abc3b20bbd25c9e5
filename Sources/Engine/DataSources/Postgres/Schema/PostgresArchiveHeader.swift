import Platform

/// The clock in the header of a custom-format archive, and how it is stopped.
///
/// `pg_dump -Fc` writes the time of the dump into its archive, which is all that differs between two archives of one
/// schema. It is replaced by 2000-01-01 00:00:00, so that an unchanged schema is an unchanged stream. The header:
///
///     PGDMP · major · minor · revision · size of integers · size of offsets · format (1: custom)
///     compression: one byte from version 1.15 on, an integer before
///     seconds, minutes, hours, day, month, year - 1900, daylight saving: integers
///
/// An integer is a byte for its sign and as many bytes as the header said, the lowest first.
enum PostgresArchiveHeader {
    /// How many bytes are enough to find the time.
    static let bytes = 64

    /// Stops the clock of an archive whose first bytes these are; leaves alone what it does not know.
    static func stopClock(_ archive: inout Buffer) {
        let head = archive.array().prefix(bytes)
        guard head.count >= bytes, head.starts(with: "PGDMP".utf8), head[5] == 1, head[6] >= 12, head[8] == 4,
            head[10] == 1
        else { return }
        let integer = 1 + Int(head[8])
        let start = 11 + (head[6] >= 15 ? 1 : integer)
        unsafe archive.change { memory in
            for (index, value) in [0, 0, 0, 1, 0, 100, 0].enumerated() {
                let place = start + index * integer
                for byte in 0..<integer { unsafe memory[place + byte] = byte == 1 ? UInt8(value) : 0 }
            }
        }
    }
}
