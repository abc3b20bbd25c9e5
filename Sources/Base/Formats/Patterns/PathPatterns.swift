/// An ordered gitignore list, made ready for a walk: of the patterns that mean an entry, the last one decides.
///
/// A walk holds a `Place` for each directory that it is in, and asks for each name in it. What lies below an excluded
/// directory is excluded with it, whatever patterns say: the walk does not go there, and asks no more.
///
/// The patterns are one tree of steps: those that begin alike share their beginning, plain names are looked up and
/// not tried one by one. A name costs a few look-ups and a try of each wildcard that may stand at its place.
package struct PathPatterns: Sendable {
    /// How far the patterns are in one directory: the nodes from which a name in it may go on.
    package struct Place: Sendable, Equatable {
        fileprivate(set) var nodes: [Int]
    }

    /// The patterns in their order.
    package let patterns: [PathPattern]
    private let tree: PatternTree

    /// Compiles a list.
    package init(_ patterns: [PathPattern]) {
        self.patterns = patterns
        tree = PatternTree(patterns.map { $0.steps })
    }

    /// Understands the lines of a list.
    package init(list: [UInt8], ignoringCase: Bool = false) throws(PatternProblem) {
        self.init(try Self.numbered(list: list, ignoringCase: ignoringCase).map { $0.pattern })
    }

    /// The patterns of a list with the lines that they stand on, from 1. A byte order mark in front is no part of it.
    package static func numbered(
        list: [UInt8], ignoringCase: Bool = false
    ) throws(PatternProblem) -> [(line: Int, pattern: PathPattern)] {
        var patterns: [(line: Int, pattern: PathPattern)] = []
        let text = list.starts(with: [0xef, 0xbb, 0xbf]) ? list[3...] : list[...]
        for (index, line) in text.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            do throws(PatternProblem) {
                if let pattern = try PathPattern(line: line, ignoringCase: ignoringCase) {
                    patterns.append((index + 1, pattern))
                }
            } catch {
                throw PatternProblem(error.sentence, hint: error.hint, line: index + 1)
            }
        }
        return patterns
    }

    /// Whether there are no patterns at all.
    package var isEmpty: Bool { patterns.isEmpty }

    /// The place of what lies in the tree's root.
    package var top: Place { Place(nodes: tree.withLevels(PatternTree.root)) }

    /// The place of what lies in the directory `name` of `place`.
    package func place(below place: Place, _ name: [UInt8]) -> Place {
        var nodes = place.nodes.filter { tree.nodes[$0].isLevels }
        tree.step(from: place.nodes, name) { reached in
            guard tree.nodes[reached].hasSteps else { return }
            for node in tree.withLevels(reached) where !nodes.contains(node) { nodes.append(node) }
        }
        return nodes == place.nodes ? place : Place(nodes: nodes)
    }

    /// The patterns that mean a name in `place`, as far as the name alone tells.
    package func matches(_ name: [UInt8], in place: Place) -> PatternMatches {
        var matches = PatternMatches()
        tree.step(from: place.nodes, name) { matches.append(tree.nodes[$0].patterns) }
        return matches
    }

    /// The number of the pattern that decides on an entry; nil when none means it.
    package func decider(_ matches: PatternMatches, isDirectory: Bool) -> Int? {
        matches.numbers.filter { isDirectory || !patterns[$0].directoriesOnly }.max()
    }

    /// Whether the entry is left out.
    package func excludes(_ matches: PatternMatches, isDirectory: Bool) -> Bool {
        decider(matches, isDirectory: isDirectory).map { !patterns[$0].isNegated } ?? false
    }

    /// Notes which patterns meant an entry, those too that another one overrode.
    package func note(_ matches: PatternMatches, isDirectory: Bool, in use: inout PatternUse) {
        for number in matches.numbers where isDirectory || !patterns[number].directoriesOnly { use.insert(number) }
    }

    /// Whether an entry is left out, itself or with a directory above it. For single paths: a walk keeps its places.
    package func excludes(path: [[UInt8]], isDirectory: Bool) -> Bool {
        var place = top
        for (depth, name) in path.enumerated() {
            let isLast = depth == path.count - 1
            if excludes(matches(name, in: place), isDirectory: isDirectory || !isLast) { return true }
            if !isLast { place = self.place(below: place, name) }
        }
        return false
    }
}
