/// What somebody who mistyped a word may have meant.
package enum Suggestion {
    /// The nearest of `candidates`, nil when none is near enough to be meant.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let typed = Array(word.utf8)
        let limit = max(1, min(3, typed.count / 3))
        let near = candidates.map { (candidate: $0, distance: distance(typed, Array($0.utf8))) }
        let best = near.filter { $0.distance <= limit }.min { $0.distance < $1.distance }
        if let best { return best.candidate }
        let longer = candidates.filter { typed.count >= 3 && $0.utf8.starts(with: typed) }
        return longer.count == 1 ? longer[0] : nil
    }

    /// How many insertions, removals, changes and swaps of neighbours lead from one word to the other.
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in 1..<(left.count + 1) {
            var line = [row]
            for column in 1..<(right.count + 1) {
                let same = left[row - 1] == right[column - 1]
                var best = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, before[column - 2] + 1)
                }
                line.append(best)
            }
            before = last
            last = line
        }
        return last[right.count]
    }
}
