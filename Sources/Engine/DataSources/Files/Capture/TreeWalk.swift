import Entries
import Glibc
import Platform

/// One walk over a tree, names in ascending order of their bytes, without recursion and without paths.
///
/// An entry is looked at once (statx) and offered to the sink; only what the sink does not take over is asked for more.
final class TreeWalk {
    /// A directory whose children are being given, and how far.
    private struct Level {
        let node: TreeDirectory
        let names: NameList
        var next = 0
    }

    private(set) var totals = FileTotals()
    private let sink: any CaptureSink
    private let owners = OwnerNames()

    init(sink: any CaptureSink) { self.sink = sink }

    /// Gives the directory at `path` as the root, and everything in it.
    func captureTree(at path: [UInt8], named name: [UInt8]) throws {
        let directory = try Directory(path)
        let status = try directory.status()
        let node = TreeDirectory(root: directory, status: status)
        let names = try NameList(of: directory)
        let entry = directoryEntry(name, node, directory, status)
        totals.count(entry)
        try sink.root(entry, content: nil, order: .ascending)
        try descend(from: Level(node: node, names: names), in: directory)
    }

    /// Gives what is at `path`, and is no directory, as the root.
    func captureSingle(at path: [UInt8]) throws {
        let place = try FileTree.resolve(path)
        let above = try Directory(FilePath.parent(place))
        let node = TreeDirectory(root: above, status: try above.status())
        let status = try above.status(of: FilePath.last(place))
        guard let kind = Entry.Kind(type: status.type) else {
            throw Failure(.failed, "\(printable(path)) is of a kind that is not known")
        }
        let name = FilePath.last(place)
        var entry = Entry(name: name, kind: kind, status: status, owners: owners)
        totals.count(entry)
        if kind != .file { complete(&entry, in: node, above) }
        entry.name = FilePath.last(path)
        try sink.root(entry, content: kind == .file ? content(of: entry, at: name, in: node) : nil, order: .any)
    }

    private func descend(from root: Level, in rootDirectory: Directory) throws {
        var levels = [root]
        var directory = rootDirectory
        while !levels.isEmpty {
            let deepest = levels.count - 1
            let index = levels[deepest].next
            guard index < levels[deepest].names.count else {
                levels.removeLast()
                if levels.isEmpty { return }
                try sink.leave()
                directory = try resume(&levels[deepest - 1]) ?? directory
                continue
            }
            levels[deepest].next += 1
            try sink.checkCancellation()
            if let below = try visit(index, of: levels[deepest], in: directory) {
                levels.append(below.level)
                directory = below.directory
            }
        }
    }

    /// Opens a directory again after one below it. When it was moved away meanwhile, what is left of it is given up.
    private func resume(_ level: inout Level) throws -> Directory? {
        do throws(Failure) { return try level.node.open() } catch {
            guard level.next < level.names.count else { return nil }
            let sentence = "could not be read to its end: \(error.cause ?? error.sentence)"
            sink.report(Finding(.missing, level.node.printablePath(), sentence))
            level.next = level.names.count
            return nil
        }
    }

    /// Gives one name; answers the level below when it is a directory whose children follow.
    private func visit(_ index: Int, of level: Level, in directory: Directory) throws -> (
        level: Level, directory: Directory
    )? {
        let name = level.names[index]
        let status: FileStatus
        do throws(Failure) { status = try directory.status(of: level.names, at: index) } catch {
            note(error, level.node, name, "looked at")
            return nil
        }
        if status.isDirectory { return try begin(name, status, in: level.node, directory) }
        guard let kind = Entry.Kind(type: status.type) else {
            sink.report(Finding(.missing, level.node.printablePath(of: name), "is of a kind that is not known"))
            return nil
        }
        var entry = Entry(name: name, kind: kind, status: status, owners: owners)
        if try !sink.takesOver(entry) {
            if kind == .file {
                try sink.add(entry, content: content(of: entry, at: name, in: level.node))
            } else {
                guard complete(&entry, in: level.node, directory) else { return nil }
                try sink.add(entry, content: nil)
            }
        }
        totals.count(entry)
        return nil
    }

    /// Enters a directory. One that cannot be listed is given too, without children, and reported.
    private func begin(
        _ name: [UInt8], _ seen: FileStatus, in parent: TreeDirectory, _ above: Directory
    ) throws -> (level: Level, directory: Directory)? {
        let directory: Directory
        let status: FileStatus
        let names: NameList
        do throws(Failure) {
            directory = try Directory(name, in: above)
            status = try directory.status()
            names = try NameList(of: directory)
        } catch {
            note(error, parent, name, "listed")
            // Gone, or something else than the directory that was looked at.
            if Self.vanished(error) || error.systemError == ENOTDIR || error.systemError == ELOOP { return nil }
            var entry = Entry(name: name, kind: .directory, status: seen, owners: owners)
            _ = complete(&entry, in: parent, above)
            try enter(entry)
            try sink.leave()
            return nil
        }
        let node = TreeDirectory(name, in: parent, opened: directory, status: status)
        try enter(directoryEntry(name, node, directory, status))
        return (Level(node: node, names: names), directory)
    }

    private func enter(_ entry: Entry) throws {
        totals.count(entry)
        try sink.enter(entry, order: .ascending)
    }

    /// The entry of an open directory, with its attributes and flags.
    private func directoryEntry(
        _ name: [UInt8], _ node: TreeDirectory, _ directory: Directory, _ status: FileStatus
    ) -> Entry {
        var entry = Entry(name: name, kind: .directory, status: status, owners: owners)
        entry.readAttributes(directory.number) { sink.report(Finding(.missing, node.printablePath(), $0)) }
        return entry
    }

    /// Adds what a look does not tell of an entry that is not opened: a symlink's target, the attributes.
    /// Answers false, after a finding, when there is no entry without it.
    @discardableResult
    private func complete(_ entry: inout Entry, in node: TreeDirectory, _ directory: Directory) -> Bool {
        do throws(Failure) {
            if entry.kind == .symlink { entry.linkTarget = try directory.target(ofSymlink: entry.name) }
        } catch {
            note(error, node, entry.name, "read")
            return false
        }
        do throws(Failure) {
            entry.attributes = try ExtendedAttributes.read(.name(entry.name, in: directory))
        } catch {
            note(error, node, entry.name, "asked for its attributes")
            return !Self.vanished(error)
        }
        return true
    }

    private func content(of entry: Entry, at name: [UInt8], in node: TreeDirectory) -> FileContent {
        FileContent(entry: entry, name: name, directory: node, owners: owners, sink: sink)
    }

    /// Reports what could not be done with a name. One that has vanished since it was listed is no loss.
    private func note(_ failure: Failure, _ node: TreeDirectory, _ name: [UInt8], _ action: String) {
        let path = node.printablePath(of: name)
        if Self.vanished(failure) {
            sink.report(Finding(.notice, path, "vanished while the tree was read"))
        } else {
            sink.report(Finding(.missing, path, "cannot be \(action): \(failure.cause ?? failure.sentence)"))
        }
    }

    /// Whether the failure says that the name has gone since it was looked at.
    private static func vanished(_ failure: Failure) -> Bool {
        failure.systemError == ENOENT || failure.systemError == ESTALE
    }
}
