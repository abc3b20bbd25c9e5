import Repositories

/// Which pages of directories, and which lists of pages, were followed, and which of them lead to damage: by their
/// positions in the index. Used by one thread.
///
/// It holds two bits a chunk of the index, and for the snapshot at hand the pages that lead to damage.
struct FollowedPages {
    /// How a directory is to be followed.
    enum Turn {
        /// It has pages that were not followed before.
        case first
        /// There is nothing new in it, but damage that the snapshot at hand was not told.
        case again
        case never
    }

    private let index: ChunkIndex
    private var seen: NumberSet
    private var damaged: NumberSet
    /// Those of the damaged ones that were followed for the snapshot at hand: a tree may have a page a thousand times.
    private var told: Set<Int> = []

    init(_ index: ChunkIndex) {
        self.index = index
        seen = NumberSet(below: index.positions)
        damaged = seen
    }

    /// Begins a snapshot, which is told anew where there is damage.
    mutating func beginSnapshot() { told = [] }

    /// How a directory is to be followed, which is noted as done. An empty one never is.
    mutating func turn(_ content: Content) -> Turn {
        var turn = Turn.never
        for item in content.items {
            guard let position = index.position(of: item.id) else {
                // What is in no index is told wherever it is needed.
                if turn == .never { turn = .again }
                continue
            }
            if seen.insert(position) {
                turn = .first
            } else if damaged.contains(position), told.insert(position).inserted, turn == .never {
                turn = .again
            }
        }
        return turn
    }

    /// Whether a directory leads to damage that was found before.
    func leadsToDamage(_ content: Content) -> Bool {
        damaged.count > 0
            && content.items.contains { index.position(of: $0.id).map { damaged.contains($0) } ?? false }
    }

    /// Whether a page was followed before, and all under it is at hand.
    func isClean(_ page: Int) -> Bool { seen.contains(page) && !damaged.contains(page) }

    /// Notes that a page is being followed.
    mutating func follow(_ page: Int) { seen.insert(page) }

    /// Notes that a page leads to damage, which the snapshot at hand is being told.
    mutating func markDamaged(_ page: Int) {
        damaged.insert(page)
        told.insert(page)
    }

    /// The same for the lists that a directory's pages are in.
    mutating func markDamaged(_ lists: [Content.Item]) {
        for list in lists { index.position(of: list.id).map { markDamaged($0) } }
    }
}
