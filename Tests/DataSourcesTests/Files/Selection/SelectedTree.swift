import DataSources
import Entries
import Formats
import Platform
import TestDoubles

/// A tree in a folder of its own, and what a selection takes of it.
final class SelectedTree {
    let folder: TemporaryFolder
    var root: [UInt8] { folder.path("tree") }

    /// Makes an empty tree.
    init() throws {
        folder = try TemporaryFolder("selection")
        try FileTree.makeDirectories(folder.path("tree"))
    }

    /// Makes a tree of empty files; a path that ends with a slash is a directory.
    convenience init(_ paths: String...) throws {
        try self.init()
        for path in paths { try make(path.split(separator: "/").map { Array($0.utf8) }, path.hasSuffix("/")) }
    }

    /// Makes a tree: paths, and whether each is a directory.
    convenience init(_ tree: [[[UInt8]]: Bool]) throws {
        try self.init()
        for (path, isDirectory) in tree { try make(path, isDirectory) }
    }

    private func make(_ path: [[UInt8]], _ isDirectory: Bool) throws {
        let names = path.map { [UInt8(ascii: "/")] + $0 }
        try FileTree.makeDirectories(root + (isDirectory ? names : names.dropLast()).joined())
        if !isDirectory { _ = try FileDescriptor(creating: root + names.joined()) }
    }

    /// Writes a file in the tree.
    func write(_ path: String, _ bytes: [UInt8]) throws { try folder.write("tree/\(path)", bytes) }

    /// What a capture takes of it.
    func capture(_ selection: FileSelection, parent: RecordingSink? = nil) throws -> Recording {
        try RecordingSink.record(FilesAdapter(path: root, selection: selection), parent: parent)
    }

    /// The paths that a selection takes, directories with a slash, in order.
    func taken(_ selection: FileSelection) throws -> [String] { try Self.paths(try capture(selection)) }

    /// The paths of a recording, directories with a slash, in order.
    static func paths(_ recording: Recording) throws -> [String] {
        try entries(recording).map { path, entry in
            path.map { printable($0) }.joined(separator: "/") + (entry.kind == .directory ? "/" : "")
        }
    }

    /// The entries of a recording with their paths, in order.
    static func entries(_ recording: Recording) throws -> [(path: [[UInt8]], entry: Entry)] {
        var found: [(path: [[UInt8]], entry: Entry)] = []
        func gather(_ path: [[UInt8]]) throws {
            for entry in try recording.children(of: path) {
                found.append((path + [entry.name], entry))
                if entry.kind == .directory { try gather(path + [entry.name]) }
            }
        }
        try gather([])
        return found
    }

    /// A selection by patterns alone.
    static func excluding(_ patterns: String...) throws -> FileSelection {
        FileSelection(
            excluding: try patterns.map { FileSelection.Pattern(try PathPattern(Array($0.utf8)), origin: "--exclude") })
    }
}
