import DataSources
import Platform
import Repositories

/// Where the entries of a files source were when they were saved.
enum OriginalPlace {
    /// The absolute path of an item of a source. A usage failure for a source that is no files.
    static func path(of source: SnapshotRecord.Source, _ item: [[UInt8]]) throws(Failure) -> [UInt8] {
        guard source.adapter == FilesAdapter.name else {
            throw Failure(
                .usage, "the source \(source.name) is no files (\(source.adapter)): it has no place to go back to",
                hint: source.adapter == PostgresAdapter.name
                    ? "restore it with \(RestoreCommand.into.name) or \(RestoreCommand.target.name)"
                    : "restore it with \(RestoreCommand.target.name)")
        }
        var path: [UInt8] = []
        for component in source.location.utf8.split(separator: UInt8(ascii: "/")) {
            guard let name = EscapedName.bytes(component) else {
                throw Failure(.damaged, "the location of the source \(source.name) is no path: \(source.location)")
            }
            path += [UInt8(ascii: "/")] + name
        }
        for name in item { path += [UInt8(ascii: "/")] + name }
        return path.isEmpty ? [UInt8(ascii: "/")] : path
    }

    /// A path's directory and its last name.
    static func split(_ path: [UInt8]) -> (directory: [UInt8], name: [UInt8]) {
        let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
        return (slash == 0 ? [UInt8(ascii: "/")] : Array(path[..<slash]), Array(path[(slash + 1)...]))
    }
}
