import Platform

/// The paths of a list that lie in one directory, at any depth; taken name by name.
struct NamedGroup {
    /// One name in the directory, and what of it is named.
    struct Member {
        let name: [UInt8]
        /// Whether it is named itself, and so everything in it.
        let isWhole: Bool
        /// The paths in it.
        let below: NamedGroup?
    }

    private let paths: NamedPaths
    private var rest: Range<Int>
    /// How many bytes lie in front of the names.
    private let prefix: Int

    init(_ paths: NamedPaths, _ range: Range<Int>, prefix: Int) {
        self.paths = paths
        rest = range
        self.prefix = prefix
    }

    /// How many paths are left.
    var count: Int { rest.count }

    /// The path that comes next, from the source's root, for messages.
    var firstPath: String {
        guard let first = rest.first else { return "" }
        return printable(paths.strings[first].map { $0 == 0 ? UInt8(ascii: "/") : $0 })
    }

    /// The next name, without taking it.
    var nextName: [UInt8]? {
        guard let first = rest.first else { return nil }
        return Array(paths.strings[first][prefix..<endOfName(first)])
    }

    /// Takes the next name with all paths that have it.
    mutating func next() -> Member? {
        guard let first = rest.first, let name = nextName else { return nil }
        let end = endOfName(first)
        let upper = self.end(of: first, end)
        // The name itself comes before everything that is in it.
        let isWhole = paths.strings.length(at: first) == end
        let below = (isWhole ? first + 1 : first)..<upper
        rest = upper..<rest.upperBound
        return Member(
            name: name, isWhole: isWhole, below: below.isEmpty ? nil : NamedGroup(paths, below, prefix: end + 1))
    }

    private func endOfName(_ index: Int) -> Int {
        let length = paths.strings.length(at: index)
        var end = prefix
        while end < length, paths.strings.byte(end, at: index) != 0 { end += 1 }
        return end
    }

    /// Where the paths end that have the name of `first`: sought in steps that grow, then by halves.
    private func end(of first: Int, _ end: Int) -> Int {
        func has(_ index: Int) -> Bool {
            paths.strings.agree(first, index, first: end)
                && (paths.strings.length(at: index) == end || paths.strings.byte(end, at: index) == 0)
        }
        var low = first
        var step = 1
        while low + step < rest.upperBound, has(low + step) {
            low += step
            step *= 2
        }
        var high = min(low + step, rest.upperBound)
        while high - low > 1 {
            let middle = (low + high) / 2
            if has(middle) { low = middle } else { high = middle }
        }
        return high
    }
}
