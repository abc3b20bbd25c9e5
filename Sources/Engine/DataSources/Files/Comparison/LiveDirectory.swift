import Entries
import Platform

/// A directory on disk that is stepped through beside a captured one: an entry a name, in ascending order of bytes.
/// Used by one thread.
package final class LiveDirectory {
    /// What one name stands for.
    package enum Named {
        case entry(Entry)
        /// It is there, and cannot be looked at.
        case unreadable([UInt8], Failure)
    }

    /// What the directories of one tree share.
    private final class Tools {
        let owners = OwnerNames()
        let hasher = FileHasher()
        let cancellation: any Cancellation

        init(_ cancellation: any Cancellation) { self.cancellation = cancellation }
    }

    private let node: TreeDirectory
    private let names: NameList?
    private let tools: Tools
    private var position = 0

    private init(_ node: TreeDirectory, names: NameList?, tools: Tools) {
        self.node = node
        self.names = names
        self.tools = tools
    }

    /// What stands at a path: a directory with its own entry, or the entry of something else with the directory in
    /// which that lies, without its names. A symlink at the very end is followed.
    package static func open(
        _ path: [UInt8], cancellation: any Cancellation = NeverCancelled()
    ) throws(Failure) -> (entry: Entry, directory: LiveDirectory) {
        let tools = Tools(cancellation)
        let place = try FileTree.resolve(path)
        let status = try FileStatus(of: place, following: false)
        let top = try Directory(status.isDirectory ? place : FilePath.parent(place))
        let node = TreeDirectory(root: top, status: try top.status())
        let name = FilePath.last(place)
        guard let kind = Entry.Kind(type: status.type) else {
            throw Failure(.failed, "\(printable(path)) is of a kind that is not known")
        }
        let entry = Entry(name: name, kind: kind, status: status, owners: tools.owners)
        let names = status.isDirectory ? try NameList(of: top) : nil
        return (entry, LiveDirectory(node, names: names, tools: tools))
    }

    /// The next name's entry as one look tells it; nil at the end. A name that has vanished is passed over.
    package func next() -> Named? {
        guard let names else { return nil }
        while position < names.count {
            let index = position
            position += 1
            do throws(Failure) {
                let status = try node.open().status(of: names, at: index)
                guard let kind = Entry.Kind(type: status.type) else {
                    return .unreadable(names[index], Failure(.failed, "it is of a kind that is not known"))
                }
                return .entry(Entry(name: names[index], kind: kind, status: status, owners: tools.owners))
            } catch {
                if !error.isAbsence { return .unreadable(names[index], error) }
            }
        }
        return nil
    }

    /// Adds what a look does not tell: a symlink's target, and when they are wanted attributes and inode flags.
    package func complete(_ entry: inout Entry, attributes wanted: Bool) throws(Failure) {
        let directory = try node.open()
        if entry.kind == .symlink { entry.linkTarget = try directory.target(ofSymlink: entry.name) }
        guard wanted else { return }
        entry.attributes = try ExtendedAttributes.read(.name(entry.name, in: directory))
        switch entry.kind {
        case .file: try Self.readFlags(&entry, FileDescriptor(contentOf: entry.name, in: directory))
        case .directory: try Self.readFlags(&entry, Directory(entry.name, in: directory))
        default: break
        }
    }

    /// Adds attributes and inode flags to the directory's own entry.
    package func completeOwn(_ entry: inout Entry) throws(Failure) {
        let directory = try node.open()
        entry.attributes = try ExtendedAttributes.read(.descriptor(directory.number))
        try Self.readFlags(&entry, directory)
    }

    private static func readFlags(_ entry: inout Entry, _ file: borrowing FileDescriptor) throws(Failure) {
        entry.inodeFlags = try InodeFlags.read(file.number) & InodeFlags.settable
    }

    private static func readFlags(_ entry: inout Entry, _ directory: Directory) throws(Failure) {
        entry.inodeFlags = try InodeFlags.read(directory.number) & InodeFlags.settable
    }

    /// The SHA-256 of a file in it, and how many bytes were read.
    package func digest(of name: [UInt8]) throws(Failure) -> (digest: [UInt8], bytes: UInt64) {
        try tools.hasher.hash(name, in: node.open(), cancellation: tools.cancellation)
    }

    /// The directory of a name in it, with the list of its names.
    package func enter(_ name: [UInt8]) throws(Failure) -> LiveDirectory {
        let directory = try Directory(name, in: node.open())
        let below = TreeDirectory(name, in: node, opened: directory, status: try directory.status())
        return LiveDirectory(below, names: try NameList(of: directory), tools: tools)
    }
}
