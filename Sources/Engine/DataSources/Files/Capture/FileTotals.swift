import Entries
import Formats

/// How much a walk saw: the manifest of a source of files, whose entries' digests say the rest.
struct FileTotals {
    private(set) var files: UInt64 = 0
    private(set) var directories: UInt64 = 0
    private(set) var symlinks: UInt64 = 0
    private(set) var other: UInt64 = 0
    private(set) var bytes: UInt64 = 0

    /// Counts one entry.
    mutating func count(_ entry: Entry) {
        switch entry.kind {
        case .file:
            files += 1
            // Three sparse files can claim more than 64 bits count.
            bytes = bytes.addingReportingOverflow(entry.size).overflow ? .max : bytes + entry.size
        case .directory: directories += 1
        case .symlink: symlinks += 1
        case .fifo, .socket, .characterDevice, .blockDevice: other += 1
        }
    }

    /// The counts, and by which rules they came about; null when everything was taken.
    func manifest(_ selection: SelectionOutcome?) -> JSONValue {
        [
            "files": JSONValue(files), "directories": JSONValue(directories), "symlinks": JSONValue(symlinks),
            "other": JSONValue(other), "bytes": JSONValue(bytes), "selection": selection?.json ?? .null,
        ]
    }
}
