import Entries
import Glibc
import Platform

/// How what is written comes under its name.
extension FileTreeWriter {
    /// A name that nothing in a snapshot has, for the moment before a rename.
    func temporaryName() -> [UInt8] { names.next() }

    /// Throws when something is where an entry shall go, and may not be replaced.
    func mayReplace(_ entry: Entry, in parent: TargetDirectory) throws(Failure) {
        if options.replaces { return }
        throw Failure(.refused, "something is there already", systemError: EEXIST)
    }

    /// Renames over what is in the way, which is removed when a rename cannot replace it.
    func replace(
        with temporary: [UInt8], in holder: Directory, _ entry: Entry, in parent: TargetDirectory,
        _ directory: Directory
    ) throws(Failure) {
        if !options.replaces {
            if try Self.place(temporary, in: holder, as: entry.name, in: directory) { return }
            return try mayReplace(entry, in: parent)
        }
        do throws(Failure) { return try holder.rename(temporary, to: entry.name, in: directory) } catch {
            guard [EISDIR, EPERM, EEXIST, ENOTEMPTY].contains(error.systemError) else { throw error }
        }
        try clear(entry.name, in: directory)
        try holder.rename(temporary, to: entry.name, in: directory)
    }

    /// Removes what is in the way of an entry that is another kind of thing. A directory goes with what is in it only
    /// when that was asked for.
    func clear(_ name: [UInt8], in directory: Directory) throws(Failure) {
        if !options.removesDirectories, let full = try? NameList(of: Directory(name, in: directory)), full.count > 0 {
            throw Failure(
                .refused, "a directory that is not empty is in its place",
                hint: "look what is in it; --delete removes it, unless something is excluded")
        }
        try FileTree.remove(name, in: directory)
    }

    /// Renames to a name that is not taken; false when it is.
    private static func place(
        _ temporary: [UInt8], in holder: Directory, as name: [UInt8], in directory: Directory
    ) throws(Failure) -> Bool {
        do throws(Failure) { return try holder.renameNew(temporary, to: name, in: directory) } catch {
            // Some file systems know no such renaming.
            guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(error.systemError) else { throw error }
        }
        do throws(Failure) { try directory.link(name, to: temporary, in: holder) } catch {
            if error.systemError == EEXIST { return false }
            throw error
        }
        try holder.remove(temporary)
        return true
    }

    /// Where a file of this directory is kept until it gets its name: in the journal, when that is on the same device.
    func holder(for parent: TargetDirectory) throws(Failure) -> Directory {
        if let area, area.device == parent.node.device { return area.directory }
        return try parent.node.open()
    }

    /// Leaves flags that forbid changes to the very end.
    func deferFlags(_ waiting: UInt32, of entry: Entry, in parent: TargetDirectory, _ status: FileStatus) {
        flags.add(waiting, path: parent.path + [entry.name], status)
    }
}
