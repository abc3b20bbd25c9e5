import Formats
import Repositories
import Sealing

/// The pages of directories that need not be searched again: everything below them was, and in vain.
///
/// A search of a hundred snapshots of one tree meets nearly the same pages a hundred times. Which names match depends
/// on the page, and on how far the patterns are in its directory; where only the first occurrence of a path counts, on
/// the path. Used by one thread.
struct SearchedPages {
    /// The mark of a directory: pages of directories with equal marks give equal answers.
    struct Mark {
        fileprivate let high: UInt64
        fileprivate let low: UInt64
    }

    private var pages: Set<ChunkID> = []
    private var places: [PathPatterns.Place] = []

    /// As many as a tree with half a million directories has; 16 bytes each, in a table that may be half empty.
    private static let kept = 1 << 19
    /// Patterns are in few places at a time. Who writes patterns with hundreds of levels searches again.
    private static let keptPlaces = 256

    /// The mark of a directory by the patterns' place; nil when there are too many.
    mutating func mark(_ place: PathPatterns.Place) -> Mark? {
        var number = places.firstIndex(of: place)
        if number == nil, places.count < Self.keptPlaces {
            places.append(place)
            number = places.count - 1
        }
        // Page ids are random: a multiple of an odd number keeps those of different places apart.
        return number.map { number in
            Mark(high: UInt64(number) &* 0x9e37_79b9_7f4a_7c15, low: UInt64(number) &* 0xbf58_476d_1ce4_e5b9)
        }
    }

    /// The mark of a directory by its path.
    static func mark(path: [UInt8]) -> Mark {
        let id = ChunkID(Digest.sha256(path.span))
        return Mark(high: id.high, low: id.low)
    }

    func contains(_ page: ChunkID, _ mark: Mark?) -> Bool { mark.map { pages.contains(Self.key(page, $0)) } ?? false }

    /// Remembers a page. When there is no more room the first ones stay: the next snapshot meets them first again.
    mutating func insert(_ page: ChunkID, _ mark: Mark?) {
        guard let mark, pages.count < Self.kept else { return }
        pages.insert(Self.key(page, mark))
    }

    private static func key(_ page: ChunkID, _ mark: Mark) -> ChunkID {
        ChunkID(high: page.high ^ mark.high, low: page.low ^ mark.low)
    }
}
