import Entries

extension Entry {
    /// The index of the first hole that ends after `offset`; the number of holes when none does.
    func firstHole(endingAfter offset: UInt64) -> Int {
        var low = 0
        var high = holes.count
        while low < high {
            let middle = (low + high) / 2
            if holes[middle].offset + holes[middle].length > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Entry {
    /// Whether a stretch of the file lies in one of its holes.
    package func isHole(from offset: UInt64, length: UInt64) -> Bool {
        let index = firstHole(endingAfter: offset)
        guard index < holes.count, holes[index].offset <= offset else { return false }
        return length <= holes[index].offset + holes[index].length - offset
    }
}

extension Entry.Hole {
    /// The part of the hole below `size`; nil when nothing is.
    func clipped(to size: UInt64) -> Entry.Hole? {
        offset < size ? Entry.Hole(offset: offset, length: min(length, size - offset)) : nil
    }
}
