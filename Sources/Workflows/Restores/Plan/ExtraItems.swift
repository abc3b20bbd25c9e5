import DataSources
import Platform

/// Judges items of a target that the snapshot does not have, when such are to be removed.
///
/// Patterns protect what they exclude wherever it lies: a directory with something excluded in it stays as it is.
struct ExtraItems {
    /// What becomes of an item.
    enum Verdict: Equatable {
        case remove
        /// It is excluded, or the journal of a restore.
        case stay
        /// It could not be told that it may go.
        case keep(String)
    }

    let selection: RestoreSelection
    /// How many directories of a path lie above the place where patterns begin.
    let levelsAbovePatterns: Int
    let protected: Set<FileIdentity>
    let cancellation: any Cancellation

    /// Judges a name in a directory of the target.
    func verdict(_ name: [UInt8], in directory: TargetDirectory) throws -> Verdict {
        if name.starts(with: RestoreArea.prefix) { return .stay }
        let status = try directory.status(of: name)
        if protected.contains(FileIdentity(status)) { return .keep("it holds the repository") }
        if isExcluded(directory.path + [name], status) { return .stay }
        guard status.isDirectory else { return .remove }
        return try verdict(on: directory.directory(name))
    }

    /// Looks for what must stay in a directory. The directories that are still to be looked at are kept in an array.
    private func verdict(on top: TargetDirectory) throws -> Verdict {
        if selection.excludesNothing, protected.isEmpty { return .remove }
        var waiting = [top]
        while let directory = waiting.popLast() {
            let names = try directory.names()
            for index in 0..<names.count {
                try cancellation.check()
                let status = try directory.status(of: names[index])
                if protected.contains(FileIdentity(status)) { return .keep("it holds the repository") }
                if isExcluded(directory.path + [names[index]], status) { return .keep("something in it is excluded") }
                if status.isDirectory { waiting.append(try directory.directory(names[index])) }
            }
        }
        return .remove
    }

    private func isExcluded(_ path: [[UInt8]], _ status: FileStatus) -> Bool {
        if selection.excludesNothing { return false }
        return selection.excludes(Array(path.dropFirst(levelsAbovePatterns)), isDirectory: status.isDirectory)
    }
}
