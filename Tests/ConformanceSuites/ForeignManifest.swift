import DataSources
import Entries
import Formats

/// A captured tree beside a manifest that is not its own.
package struct ForeignManifest: CapturedTree {
    private let tree: any CapturedTree
    private let stated: JSONValue

    /// Takes a tree, and what shall pass for its manifest.
    package init(tree: any CapturedTree, stated: JSONValue) {
        self.tree = tree
        self.stated = stated
    }

    package func manifest() throws -> JSONValue { stated }
    package func children(of path: [[UInt8]]) throws -> [Entry] { try tree.children(of: path) }
    package func read(_ path: [[UInt8]], isProvedLater: Bool, _ body: (Span<UInt8>) throws -> Void) throws {
        try tree.read(path, isProvedLater: isProvedLater, body)
    }
}
