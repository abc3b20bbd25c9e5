import DataSources
import Platform
import Sealing

/// What a backup would do: which sources, under which names, for which system.
package struct BackupPlan: Sendable {
    /// One source and the NAME that it has in the snapshot.
    package struct Source: Sendable {
        package var name: String
        package var adapter: any SourceAdapter

        /// Makes a named source.
        package init(name: String, adapter: any SourceAdapter) {
            self.name = name
            self.adapter = adapter
        }

        /// The adapter's name, as records keep it.
        var adapterName: String { type(of: adapter).name }
    }

    package var sources: [Source]
    package var system: String
    package var host: String
    package var user: String
    package var tags: [String]
    /// The program and its version.
    package var tool: String
    /// How frames are compressed.
    package var compression = Compressor.Choice.best
    /// Whether every frame is opened again before it is stored.
    package var verifiesFrames = true

    /// Told, with the source's name, of a view that a source holds until it is saved; nil tells nobody.
    package var whenHeld: (@Sendable (String, HeldView) -> Void)?

    /// Makes a plan.
    package init(sources: [Source], system: String, host: String, user: String, tags: [String], tool: String) {
        self.sources = sources
        self.system = system
        self.host = host
        self.user = user
        self.tags = tags
        self.tool = tool
    }
}
