/// One source of the system.
package struct SourcePolicy: Sendable, Equatable {
    /// What its adapter needs to know.
    package enum Adapter: Sendable, Equatable {
        case files(FilesPolicy)
        case postgres(PostgresPolicy)
    }

    /// The source's name in snapshots: the key in the file.
    package var name: String
    package var adapter: Adapter

    /// Makes a source.
    package init(name: String, adapter: Adapter) {
        self.name = name
        self.adapter = adapter
    }
}
