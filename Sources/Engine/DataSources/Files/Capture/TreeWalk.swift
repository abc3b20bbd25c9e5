import Entries
import Formats
import Glibc
import Platform

/// One walk over a tree, names in ascending order of their bytes, without recursion and without paths.
///
/// An entry is looked at once (statx) and offered to the sink; only what the sink does not take over is asked for more.
final class TreeWalk {
    /// A directory whose children are being given, and how far.
    private struct Level {
        let node: TreeDirectory
        var names: LevelNames
        let place: PathPatterns.Place
    }

    private(set) var totals = FileTotals()
    private let sink: any CaptureSink
    private let gate: SelectionGate
    private let list: NamedPaths?
    private let owners = OwnerNames()

    init(_ selection: FileSelection, sink: any CaptureSink) {
        self.sink = sink
        gate = SelectionGate(selection, sink: sink)
        list = selection.list
    }

    /// What the selection left out so far.
    var selected: SelectionOutcome { gate.outcome }

    /// Gives the directory at `path` as the root, and everything in it.
    func captureTree(at path: [UInt8], named name: [UInt8]) throws {
        let directory = try Directory(path)
        let status = try directory.status()
        let node = TreeDirectory(root: directory, status: status)
        gate.begin(at: status)
        let names = try gate.names(in: directory, isWhole: list?.namesRoot ?? true, named: list?.all)
        let entry = directoryEntry(name, node, directory, status)
        totals.count(entry)
        try sink.root(entry, content: nil, order: .ascending)
        try descend(from: Level(node: node, names: names, place: gate.top), in: directory)
        gate.finish()
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
            guard let step = levels[deepest].names.next() else {
                levels.removeLast()
                if levels.isEmpty { return }
                try sink.leave()
                directory = try resume(&levels[deepest - 1]) ?? directory
                continue
            }
            try sink.checkCancellation()
            if let below = try visit(step, of: levels[deepest], in: directory) {
                levels.append(below.level)
                directory = below.directory
            }
        }
    }

    /// Opens a directory again after one below it. When it was moved away meanwhile, what is left of it is given up.
    private func resume(_ level: inout Level) throws -> Directory? {
        do throws(Failure) { return try level.node.open() } catch {
            guard !level.names.isEmpty else { return nil }
            let sentence = "could not be read to its end: \(error.cause ?? error.sentence)"
            sink.report(Finding(.missing, level.node.printablePath(), sentence))
            level.names.removeAll()
            return nil
        }
    }

    /// Gives one name; answers the level below when it is a directory whose children follow.
    private func visit(_ step: LevelNames.Step, of level: Level, in directory: Directory) throws -> (
        level: Level, directory: Directory
    )? {
        let name = step.name
        let matches = gate.matches(name, in: level.place)
        if gate.excludesUnseen(matches) { return nil }
        let status: FileStatus
        do throws(Failure) { status = try level.names.status(of: step, in: directory) } catch {
            if step.isAskedFor, Self.vanished(error) {
                gate.reportAbsent(step, at: level.node.printablePath(of: name))
            } else {
                note(error, level.node, name, "looked at")
            }
            return nil
        }
        if gate.excludes(matches, status) { return nil }
        if status.isDirectory { return try begin(step, status, in: level, directory) }
        guard let kind = Entry.Kind(type: status.type) else {
            sink.report(Finding(.missing, level.node.printablePath(of: name), "is of a kind that is not known"))
            return nil
        }
        if let below = step.below { gate.reportUnreachable(below, at: level.node.printablePath(of: name), kind) }
        if step.isWhole { try give(name, kind, status, in: level.node, directory) }
        return nil
    }

    /// Gives an entry that is no directory.
    private func give(
        _ name: [UInt8], _ kind: Entry.Kind, _ status: FileStatus, in node: TreeDirectory, _ directory: Directory
    ) throws {
        var entry = Entry(name: name, kind: kind, status: status, owners: owners)
        if try !sink.takesOver(entry) {
            if kind == .file {
                try sink.add(entry, content: content(of: entry, at: name, in: node))
            } else {
                guard complete(&entry, in: node, directory) else { return }
                try sink.add(entry, content: nil)
            }
        }
        totals.count(entry)
    }

    /// Enters a directory. One that cannot be listed is given too, without children, and reported.
    private func begin(
        _ step: LevelNames.Step, _ seen: FileStatus, in level: Level, _ above: Directory
    ) throws -> (level: Level, directory: Directory)? {
        let name = step.name
        if gate.keepsEmpty(seen) || step.isMarker {
            try giveEmpty(name, seen, in: level.node, above)
            return nil
        }
        let directory: Directory
        let status: FileStatus
        let names: LevelNames
        do throws(Failure) {
            directory = try Directory(name, in: above)
            status = try directory.status()
            names = try gate.names(in: directory, isWhole: step.isWhole, named: step.below)
        } catch {
            note(error, level.node, name, "listed")
            // Gone, or something else than the directory that was looked at.
            if Self.vanished(error) || error.systemError == ENOTDIR || error.systemError == ELOOP { return nil }
            try giveEmpty(name, seen, in: level.node, above)
            return nil
        }
        let node = TreeDirectory(name, in: level.node, opened: directory, status: status)
        try enter(directoryEntry(name, node, directory, status))
        return (Level(node: node, names: names, place: gate.place(below: level.place, name)), directory)
    }

    /// Gives a directory without opening it, and without what is in it.
    private func giveEmpty(
        _ name: [UInt8], _ seen: FileStatus, in parent: TreeDirectory, _ above: Directory
    ) throws {
        var entry = Entry(name: name, kind: .directory, status: seen, owners: owners)
        _ = complete(&entry, in: parent, above)
        try enter(entry)
        try sink.leave()
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
