import DataSources
import Platform

/// Which adapter reads what an address names.
enum SourceAdapters {
    /// The adapter for a source; nothing is read or asked yet. `selection` is for paths, `origin` for standard input.
    static func adapter(
        for source: SourceAddress, selection: FileSelection, origin: StandardInputAdapter.Origin?
    ) throws -> any SourceAdapter {
        switch source.location {
        case .path(let path): return FilesAdapter(path: path, selection: selection)
        case .postgres(let text): return PostgresAdapter(try PostgresLocation(text))
        case .standardInput:
            guard let origin else { preconditionFailure("standard input is a source without an origin") }
            return StandardInputAdapter(origin)
        }
    }
}
