/// Every kind of source that this version backs up.
package enum AdapterCatalog {
    /// One line an adapter.
    package static let all: [any SourceAdapter.Type] = [
        FilesAdapter.self,
        PostgresAdapter.self,
        StandardInputAdapter.self,
    ]
}
