import Entries
import Glibc
import Platform

/// A look at a restore target that changes nothing: what is there already. Any thread may use it.
package final class TargetView: Sendable {
    /// The target itself.
    package let root: TargetDirectory

    init(root: TargetDirectory) { self.root = root }

    /// Opens the directory at `path`; nil when nothing is there.
    package convenience init?(root path: [UInt8]) throws {
        let directory: Directory
        let status: FileStatus
        do throws(Failure) {
            directory = try Directory(path)
            status = try directory.status()
        } catch {
            if error.systemError == ENOENT { return nil }
            throw error.within("the target \(printable(path)) cannot be read")
        }
        self.init(root: TargetDirectory(entry: nil, node: TreeDirectory(root: directory, status: status)))
    }

    /// What is where `entry` shall go.
    package func state(of entry: Entry, in parent: TargetDirectory) throws -> TargetState {
        try EntryRules.check(entry, in: parent)
        let directory = try parent.node.open()
        let status: FileStatus
        do throws(Failure) { status = try directory.status(of: entry.name) } catch {
            if error.systemError == ENOENT { return .absent }
            throw error.within("cannot look at \(parent.printablePath(of: entry.name))")
        }
        guard Entry.Kind(type: status.type) == entry.kind else { return .different }
        let same =
            switch entry.kind {
            case .directory, .fifo, .socket: true
            case .file: status.size == entry.size
            case .symlink: try directory.target(ofSymlink: entry.name) == entry.linkTarget
            case .characterDevice, .blockDevice: status.specialDevice == entry.specialDevice
            }
        return same ? .same : .different
    }

    /// The directory that is there for `entry`; nil when there is none, or only a symlink to one.
    package func directory(_ entry: Entry, in parent: TargetDirectory) throws -> TargetDirectory? {
        try EntryRules.check(entry, in: parent)
        let directory: Directory
        do throws(Failure) { directory = try Directory(entry.name, in: parent.node.open()) } catch {
            if [ENOENT, ENOTDIR, ELOOP].contains(error.systemError) { return nil }
            throw error.within("cannot look at \(parent.printablePath(of: entry.name))")
        }
        let node = TreeDirectory(entry.name, in: parent.node, opened: directory, status: try directory.status())
        return TargetDirectory(entry: entry, node: node)
    }
}
