import Entries
import Platform
import Repositories

/// Compares two trees name by name, the old one with the new one, in ascending order of names.
///
/// Directories with the same pages are equal without being read, and of large ones only the pages that differ are read.
/// A directory that only one tree has is told with everything in it. Used by one thread.
package final class TreeComparison {
    /// Two directories of one path; one is nil where only the other tree has it.
    private struct Level {
        let old: (any ComparedDirectory)?
        let new: (any ComparedDirectory)?
        /// Bytes of their path.
        let length: Int
    }

    /// An entry of one tree, with all that can be asked about it.
    private struct Side {
        var entry: ComparedEntry
        let place: any ComparedPlace
        let tree: ComparedTree
        /// What is in it, when it is a directory.
        let open: () throws -> (any ComparedDirectory)?
    }

    private let old: ComparedTree
    private let new: ComparedTree
    private let entries: EntryComparison
    private let cancellation: any Cancellation
    private let counters: WorkCounters
    private let tell: (Difference) throws -> Void
    private var levels: [Level] = []
    private var path: [UInt8]
    private var outcome = ComparisonOutcome()

    /// As in a `SnapshotWalk`: the directories far above let go of their pages.
    private static let awake = 64

    /// Prepares to compare; the paths of both trees begin with `prefix`. Differences are told as they are found.
    package init(
        _ old: ComparedTree, with new: ComparedTree, prefix: [UInt8], options: ComparisonOptions,
        cancellation: any Cancellation = NeverCancelled(), counters: WorkCounters = WorkCounters(),
        tell: @escaping (Difference) throws -> Void
    ) {
        self.old = old
        self.new = new
        entries = EntryComparison(options: options)
        self.cancellation = cancellation
        self.counters = counters
        self.tell = tell
        path = prefix
    }

    /// Compares. What is damaged or cannot be read is in the outcome, and is no difference.
    package func run() throws -> ComparisonOutcome {
        if let one = old.top, let other = new.top {
            try compare(
                Side(entry: one, place: old.place, tree: old) { [old] in old.directory },
                Side(entry: other, place: new.place, tree: new) { [new] in new.directory })
        } else if let one = old.directory, let other = new.directory {
            push(one, other)
        } else {
            throw Failure(
                .usage, "a whole snapshot can be compared with a whole snapshot or a directory only",
                hint: "name a source or an item in it: SNAPSHOT:NAME/PATH")
        }
        while let level = levels.last {
            try cancellation.check()
            try step(level)
        }
        return outcome
    }

    // MARK: Names

    /// Compares the next name of the current directories, or leaves them.
    private func step(_ level: Level) throws {
        path.removeLast(path.count - level.length)
        if let one = level.old as? SnapshotDirectory, let other = level.new as? SnapshotDirectory {
            SnapshotDirectory.skipCommonPages(one, other)
        }
        let one = try peek(level.old, of: old)
        let other = try peek(level.new, of: new)
        let isBoth = one != nil && one?.name == other?.name
        if isBoth, let one = take(one, from: level.old, of: old), let other = take(other, from: level.new, of: new) {
            append(one.entry.name)
            return try compare(one, other)
        }
        // Between the entries of a damaged directory there may have been any others.
        if let one, other.map({ one.name.lexicographicallyPrecedes($0.name) }) ?? true {
            let isKnown = level.new?.hasGap != true
            if let side = take(one, from: level.old, of: old), isKnown { try tellAlone(side, .removed) }
        } else if let other {
            let isKnown = level.old?.hasGap != true
            if let side = take(other, from: level.new, of: new), isKnown { try tellAlone(side, .added) }
        } else {
            levels.removeLast()
        }
    }

    private func peek(_ directory: (any ComparedDirectory)?, of tree: ComparedTree) throws -> ComparedEntry? {
        guard let directory else { return nil }
        while true {
            do { return try directory.peek() } catch {
                try outcome.unread.noteDamage(tree.label(path), "not everything in it can be compared", error)
                try cancellation.check()
            }
        }
    }

    private func take(_ entry: ComparedEntry?, from directory: (any ComparedDirectory)?, of tree: ComparedTree) -> Side?
    {
        guard let entry, let directory else { return nil }
        directory.pass()
        return Side(entry: entry, place: directory, tree: tree) { try directory.enter(entry) }
    }

    private func append(_ name: [UInt8]) {
        if !path.isEmpty { path.append(UInt8(ascii: "/")) }
        path.append(contentsOf: name)
    }

    private func push(_ one: (any ComparedDirectory)?, _ other: (any ComparedDirectory)?) {
        guard one != nil || other != nil else { return }
        if levels.count >= Self.awake {
            let above = levels[levels.count - Self.awake]
            above.old?.rest()
            above.new?.rest()
        }
        levels.append(Level(old: one, new: other, length: path.count))
    }

    // MARK: Entries

    /// Compares the entries of the current path, and enters them where they are directories.
    private func compare(_ one: Side, _ other: Side) throws {
        var (one, other) = (one, other)
        guard try isReadable(one), try isReadable(other) else { return }
        let found: (content: [EntryProperty], metadata: [EntryProperty])
        let before = outcome.bytesRead
        defer { counters.add(items: 1, bytes: Int(truncatingIfNeeded: outcome.bytesRead &- before)) }
        do {
            found = try entries.properties(
                &one.entry, at: one.place, &other.entry, at: other.place, bytesRead: &outcome.bytesRead)
        } catch { return try note(error, other) }
        let properties = found.content + found.metadata
        if let first = properties.first {
            let change: Difference.Change = first == .kind ? .kind : found.content.isEmpty ? .metadata : .content
            try report(
                Difference(
                    change: change, path: path, old: one.entry.entry, new: other.entry.entry, properties: properties))
        }
        let kinds = (one.entry.entry?.kind, other.entry.entry?.kind)
        if kinds == (.directory, .directory), let content = one.entry.content, content == other.entry.content { return }
        let below = kinds.0 == .directory ? try enter(one) : nil
        let otherBelow = kinds.1 == .directory ? try enter(other) : nil
        // Of two directories of which one cannot be read nothing can be told.
        if kinds == (.directory, .directory), below == nil || otherBelow == nil { return }
        push(below, otherBelow)
    }

    /// Tells an entry that only one tree has, and enters it when it is a directory.
    private func tellAlone(_ side: Side, _ change: Difference.Change) throws {
        var side = side
        append(side.entry.name)
        guard try isReadable(side), var entry = side.entry.entry else { return }
        counters.add(items: 1)
        do { try side.place.complete(&entry, attributes: entries.options.readsAttributes) } catch {
            try note(error, side)
        }
        side.entry.entry = entry
        let (old, new) = change == .removed ? (entry, nil) : (nil, entry)
        try report(Difference(change: change, path: path, old: old, new: new, properties: []))
        guard entry.kind == .directory, let below = try enter(side) else { return }
        if change == .removed { push(below, nil) } else { push(nil, below) }
    }

    private func report(_ difference: Difference) throws {
        outcome.add(difference)
        try tell(difference)
    }

    private func isReadable(_ side: Side) throws -> Bool {
        guard let problem = side.entry.problem else { return true }
        try note(problem, side)
        return false
    }

    /// The inside of a directory; nil, and noted, when it cannot be listed.
    private func enter(_ side: Side) throws -> (any ComparedDirectory)? {
        do { return try side.open() } catch {
            try note(error, side)
            return nil
        }
    }

    /// Notes what keeps one entry from being read; rethrows what would keep every other one, too.
    private func note(_ error: any Error, _ side: Side) throws {
        let failure = Failure(error)
        guard side.tree.isOnDisk, failure.kind == .failed, !failure.isLackOfMeans else {
            return try outcome.unread.noteDamage(side.tree.label(path), "it cannot be compared", error)
        }
        outcome.unread.noteUnreadable(side.tree.label(path), "cannot be read: \(failure.cause ?? failure.sentence)")
    }
}
