import DataSources
import Platform

/// Makes what stands in for what came back, with nothing in it: an empty database in each server, an empty directory.
struct StagedEmptiness {
    private let system: StagedSystem

    init(_ system: StagedSystem) { self.system = system }

    /// Makes them in staging; they go when it goes.
    func make() throws -> StagedSystem.Emptiness {
        let directory = system.area.path(of: Self.name)
        try FileTree.makeDirectories(directory)
        var urls: [String: String] = [:]
        for source in system.sources {
            guard case .server(let place, _) = source.place, let any = source.databases.first else { continue }
            try PostgresDamager.makeEmptyDatabase(Self.name, in: place)
            urls[source.name] = any.named(Self.name).url
        }
        return StagedSystem.Emptiness(urls: urls, directory: String(decoding: directory, as: UTF8.self))
    }

    /// The name of the database and of the directory.
    static let name = "salvor-empty"
}
