import Entries
import Formats
import Platform
import Repositories
import Sealing

/// Looks for entries in snapshots, one after the other, and remembers which parts of their trees need no second look.
/// Used by one thread.
package final class SnapshotSearch {
    /// A directory that is being searched.
    private struct Level {
        let place: PathPatterns.Place
        let mark: SearchedPages.Mark?
        /// The page that is being read.
        var page: ChunkID?
        /// Whether neither the page nor what lies below it holds anything that must be found again, or was not read.
        var isPageDone = true
        /// Whether that holds for all pages so far.
        var isDone = true
    }

    private let criteria: SearchCriteria
    private let firstOnly: Bool
    private let reader: ChunkReader
    private let cancellation: any Cancellation
    private let counters: WorkCounters
    private let tell: (SnapshotItem, [UInt8], Entry) throws -> Void
    private var searched = SearchedPages()
    private var levels: [Level] = []
    /// The paths that were found, as hashes of 16 bytes, where only the first occurrence counts.
    private var found: Set<ChunkID> = []
    private var remembers = true
    /// How many entries were found.
    package private(set) var matches = 0
    /// What could not be read, and may hold more.
    package private(set) var unread = Unread()

    /// Where patterns are when nothing below can match.
    private static let nowhere = PathPatterns([]).place(below: PathPatterns([]).top, [0x78])

    /// Prepares a search; what is found is told to `tell` with its item and path. With `firstOnly` a path that was
    /// found is not found again.
    package init(
        _ criteria: SearchCriteria, firstOnly: Bool = false, reader: ChunkReader,
        cancellation: any Cancellation = NeverCancelled(), counters: WorkCounters = WorkCounters(),
        tell: @escaping (SnapshotItem, [UInt8], Entry) throws -> Void
    ) {
        self.criteria = criteria
        self.firstOnly = firstOnly
        self.reader = reader
        self.cancellation = cancellation
        self.counters = counters
        self.tell = tell
    }

    /// Searches an item and everything in it. Behind the last one nothing has to be remembered.
    package func search(_ item: SnapshotItem, isLast: Bool = false) throws {
        remembers = !isLast
        var place = criteria.patterns.top
        let names = item.path.split(separator: UInt8(ascii: "/")).map { Array($0) }
        if let entry = item.entry?.entry {
            for name in names.dropLast() { place = criteria.patterns.place(below: place, name) }
            _ = try look(at: entry, item.path, names.last ?? entry.name, in: place, item)
            place = criteria.patterns.place(below: place, names.last ?? entry.name)
        }
        guard let content = item.directory, mayHold(place) else { return }
        let walk = try SnapshotWalk(content, of: item.record, path: item.path, reader: reader)
        enter(place, walk.path)
        defer { levels = [] }
        while walk.depth > 0 {
            try cancellation.check()
            do { try step(walk, item) } catch let failure as Failure {
                try unread.noteDamage(item.label(walk.directory), "not everything in it can be searched", failure)
                levels[levels.count - 1].isPageDone = false
                levels[levels.count - 1].isDone = false
            }
        }
    }

    /// Looks at the next entry of the current directory, passes over its next page, or leaves it.
    private func step(_ walk: SnapshotWalk, _ item: SnapshotItem) throws {
        let last = levels.count - 1
        if let page = try walk.nextPage() {
            finishPage()
            if searched.contains(page, levels[last].mark) { return walk.skipPage() }
            levels[last].page = page
        }
        guard let next = try walk.next() else {
            finishPage()
            walk.leave()
            let isDone = levels.removeLast().isDone
            if !isDone, last > 0 { levels[last - 1].isPageDone = false }
            return
        }
        counters.add(items: 1)
        let place = levels[last].place
        if try look(at: next.entry, walk.path, next.entry.name, in: place, item), !firstOnly {
            levels[last].isPageDone = false
        }
        guard next.entry.kind == .directory else { return }
        let below = criteria.patterns.place(below: place, next.entry.name)
        guard mayHold(below) else { return }
        try walk.enter(next)
        enter(below, walk.path)
    }

    private func enter(_ place: PathPatterns.Place, _ path: [UInt8]) {
        levels.append(Level(place: place, mark: firstOnly ? SearchedPages.mark(path: path) : searched.mark(place)))
    }

    private func mayHold(_ place: PathPatterns.Place) -> Bool { criteria.patterns.isEmpty || place != Self.nowhere }

    /// Remembers the page that was read to its end.
    private func finishPage() {
        let last = levels.count - 1
        guard let page = levels[last].page else { return }
        if levels[last].isPageDone { searched.insert(page, levels[last].mark) } else { levels[last].isDone = false }
        levels[last].page = nil
        levels[last].isPageDone = true
    }

    /// Tells an entry if it is looked for; answers whether it is.
    private func look(
        at entry: Entry, _ path: [UInt8], _ name: [UInt8], in place: PathPatterns.Place, _ item: SnapshotItem
    ) throws -> Bool {
        let patterns = criteria.patterns
        if !patterns.isEmpty {
            let matching = patterns.matches(name, in: place)
            guard patterns.decider(matching, isDirectory: entry.kind == .directory) != nil else { return false }
        }
        guard criteria.accepts(entry) else { return false }
        if firstOnly {
            let id = ChunkID(Digest.sha256(path.span))
            if found.contains(id) { return true }
            if remembers { found.insert(id) }
        }
        matches += 1
        try tell(item, path, entry)
        return true
    }
}
