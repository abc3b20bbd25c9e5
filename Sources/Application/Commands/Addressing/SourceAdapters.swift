import DataSources
import Platform

/// Which adapter reads what an address names.
enum SourceAdapters {
    /// The adapter for a source; nothing is read or asked yet.
    static func adapter(for source: SourceAddress) throws -> any SourceAdapter {
        switch source.location {
        case .path(let path): FilesAdapter(path: path)
        case .postgres(let text): PostgresAdapter(try PostgresLocation(text))
        }
    }
}
