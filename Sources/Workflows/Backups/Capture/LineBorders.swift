import DataSources
import Repositories

/// The places at which a content of lines may be cut, as its reader told them; those that were passed are forgotten.
struct LineBorders {
    private var list: [LineBorder] = []
    private var first = 0
    /// Whether the reader tells them at all.
    private(set) var areKnown = false

    /// Takes what the reader told; nil when it tells nothing.
    mutating func add(_ borders: [LineBorder]?) {
        guard let borders else { return }
        areKnown = true
        list.removeFirst(first)
        first = 0
        list += borders
    }

    /// The length of the chunk that begins at `offset` and ends at a border: at the first strict one from the least
    /// length on, or the first of any kind from the average on. Nil when there is none up to the largest length, or
    /// within what was read.
    mutating func next(from offset: UInt64, sizes: Cutter.Sizes, within bytes: Int) -> Int? {
        while first < list.count {
            let border = list[first]
            // Of a hard cut through a line its border lies behind us.
            guard border.end > offset else {
                first += 1
                continue
            }
            let length = border.end - offset
            guard length <= UInt64(min(bytes, sizes.most)) else { return nil }
            first += 1
            if length >= UInt64(sizes.average) || border.isStrict && length >= UInt64(sizes.least) {
                return Int(length)
            }
        }
        return nil
    }
}
