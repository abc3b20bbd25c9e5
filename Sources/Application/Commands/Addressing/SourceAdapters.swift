import DataSources
import Platform

/// Which adapter reads what an address names.
enum SourceAdapters {
    /// The adapter for a source; nothing is read or asked yet. `selection` is for paths.
    static func adapter(for source: SourceAddress, selection: FileSelection) throws -> any SourceAdapter {
        switch source.location {
        case .path(let path): FilesAdapter(path: path, selection: selection)
        case .postgres(let text): PostgresAdapter(try PostgresLocation(text))
        }
    }
}
