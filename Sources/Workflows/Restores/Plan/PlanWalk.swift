import DataSources
import Entries
import Platform
import Repositories

/// A walk over the entries that a plan chooses, in order: a directory before what lies in it.
///
/// Levels are kept in an array, since a tree may be deeper than any stack; of a directory there is one page in memory.
struct PlanWalk<Visitor: PlanVisitor> {
    private struct Level {
        var cursor: Source
        var state: State
        /// The directory's entry, for when it must be made later; nil for the target.
        var item: TreeEntry?
        /// Whether everything in it is chosen unless it is excluded.
        var isChosen: Bool
        /// Whether its list could be read so far.
        var isWhole = true
        /// How far the selection's patterns are; nil above where they begin, and when there are none.
        var patterns: RestoreSelection.Place?
    }

    /// Whether a directory was entered.
    private enum State {
        case entered(Visitor.Place)
        /// It is made only when something in it is chosen.
        case waiting
        /// It could not be made, which was told.
        case lost
    }

    private enum Source {
        case directory(TreeCursor)
        case items(ArraySlice<TreeEntry>)
    }

    private let plan: RestorePlan
    private let reader: ChunkReader
    private let cancellation: any Cancellation
    private let visitor: Visitor
    private let count: DirectoryCount
    private var levels: [Level] = []
    private var use: RestoreSelection.Use

    /// Prepares a walk; `reader` reads the trees.
    init(_ plan: RestorePlan, reader: ChunkReader, cancellation: any Cancellation, visitor: Visitor) {
        self.plan = plan
        self.reader = reader
        self.cancellation = cancellation
        self.visitor = visitor
        use = plan.selection.nothingUsed
        count = DirectoryCount(plan.record, reader: reader)
    }

    /// What the selection's patterns did not meet, in a walk that came to its end.
    var unused: [Finding] { plan.selection.unused(use) }

    /// Walks; `target` is the place of the roots. Ends early, and answers false, when `goesOn` says no.
    @discardableResult
    mutating func run(in target: Visitor.Place, while goesOn: () -> Bool = { true }) throws -> Bool {
        let source: Source =
            switch plan.roots {
            case .children(let content): .directory(try TreeCursor(content, reader: reader))
            case .items(let items): .items(items[...])
            }
        levels = [
            Level(
                cursor: source, state: .entered(target), item: nil, isChosen: !plan.selection.includesOnly,
                patterns: plan.isWholeSnapshot || plan.selection.isEverything ? nil : plan.selection.top)
        ]
        while !levels.isEmpty {
            guard goesOn() else { return false }
            try cancellation.check()
            do {
                guard let item = try next() else {
                    try leave()
                    continue
                }
                try take(item)
            } catch let damage as Damage {
                // The cursor goes on behind what cannot be read; from here on, what is not told may be there.
                levels[levels.count - 1].isWhole = false
                if let place = try innermostPlace() { try visitor.isDamaged(place, damage.error) }
            }
        }
        return true
    }

    /// A page of the innermost directory that cannot be read.
    private struct Damage: Error {
        var error: any Error
    }

    private mutating func next() throws -> TreeEntry? {
        switch levels[levels.count - 1].cursor {
        case .directory(let cursor):
            do { return try cursor.next() } catch { throw Damage(error: error) }
        case .items(var items):
            let first = items.popFirst()
            levels[levels.count - 1].cursor = .items(items)
            return first
        }
    }

    private mutating func take(_ item: TreeEntry) throws {
        let level = levels[levels.count - 1]
        if level.isWhole, case .entered(let place) = level.state { try visitor.has(item.entry.name, in: place) }
        let isDirectory = item.entry.kind == .directory
        switch verdict(item, isDirectory: isDirectory) {
        case .left: return
        case .onTheWay: return try descend(item, .waiting, isChosen: false)
        case .chosen: break
        }
        guard let place = try innermostPlace() else { return }
        guard isDirectory else { return try visitor.visit(item, in: place) }
        if let below = try visitor.enter(item, in: place, isChosen: true) {
            try descend(item, .entered(below), isChosen: true)
        }
    }

    private mutating func descend(_ item: TreeEntry, _ state: State, isChosen: Bool) throws {
        try count.enter(item.content ?? .empty)
        let cursor = try TreeCursor(item.content ?? .empty, reader: reader)
        levels.append(
            Level(
                cursor: .directory(cursor), state: state, item: item, isChosen: isChosen,
                patterns: patterns(below: levels[levels.count - 1], item)))
    }

    private func patterns(below level: Level, _ item: TreeEntry) -> RestoreSelection.Place? {
        if plan.selection.isEverything { return nil }
        guard let above = level.patterns else { return plan.selection.top }
        return plan.selection.place(below: above, item.entry.name)
    }

    private mutating func leave() throws {
        let level = levels.removeLast()
        if case .entered(let place) = level.state { try visitor.leave(place, isWhole: level.isWhole) }
    }

    /// The place of the innermost directory; those on the way to it are entered now. Nil when one cannot be.
    private mutating func innermostPlace() throws -> Visitor.Place? {
        var level = levels.count - 1
        while case .waiting = levels[level].state { level -= 1 }
        guard case .entered(var place) = levels[level].state else { return nil }
        while level < levels.count - 1 {
            level += 1
            guard let item = levels[level].item, let made = try visitor.enter(item, in: place, isChosen: false) else {
                for lost in level..<levels.count { levels[lost].state = .lost }
                return nil
            }
            levels[level].state = .entered(made)
            place = made
        }
        return place
    }

    /// Patterns begin in the sources: of a whole snapshot, the roots themselves are not judged by them, and with
    /// includes a source is no more than on the way to what is included.
    private mutating func verdict(_ item: TreeEntry, isDirectory: Bool) -> RestoreSelection.Verdict {
        let level = levels[levels.count - 1]
        guard let patterns = level.patterns else {
            return plan.selection.includesOnly && isDirectory ? .onTheWay : .chosen
        }
        return plan.selection.verdict(
            item.entry.name, isDirectory: isDirectory, in: patterns, isChosen: level.isChosen, noting: &use)
    }
}
