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

    /// The counts, and unless everything was taken by which rules they came about.
    func manifest(_ selection: SelectionOutcome?) -> JSONValue {
        let counts: [JSONValue.Member] = [
            .init("files", JSONValue(files)), .init("directories", JSONValue(directories)),
            .init("symlinks", JSONValue(symlinks)), .init("other", JSONValue(other)),
            .init("bytes", JSONValue(bytes)),
        ]
        return .object(counts + (selection.map { [.init("selection", $0.json)] } ?? []))
    }
}
