/// The steps of many patterns, those with the same beginning put together.
struct PatternTree: Sendable {
    /// A place on the way of some patterns.
    struct Node: Sendable {
        /// Plain names that lead on.
        var names: [[UInt8]: Int] = [:]
        /// The same for patterns that ignore case, in small letters.
        var lowercasedNames: [[UInt8]: Int] = [:]
        /// Wildcards that lead on, and where to: by the byte that a name must end with, and those that leave it open.
        var endings: [UInt8: [(glob: Glob, node: Int)]] = [:]
        var globs: [(glob: Glob, node: Int)] = []
        /// The node behind any number of levels.
        var levels: Int?
        /// Whether it stands behind any number of levels, and so stays in force in each directory below.
        var isLevels = false
        /// The patterns that end here.
        var patterns: [Int] = []

        var hasSteps: Bool {
            !(names.isEmpty && lowercasedNames.isEmpty && endings.isEmpty && globs.isEmpty) || levels != nil
        }
    }

    static let root = 0
    private(set) var nodes = [Node()]
    /// The nodes that wildcards lead to, while the tree is made.
    private var known: [Way: Int] = [:]

    private struct Way: Hashable {
        let node: Int
        let glob: Glob
    }

    /// Puts the ways of patterns together; they are told by their numbers.
    init(_ ways: [[PathPattern.Step]]) {
        for (number, steps) in ways.enumerated() {
            var node = Self.root
            for step in steps {
                switch step {
                case .levels: node = behindLevels(node)
                case .name(let glob): node = behind(glob, node)
                }
            }
            nodes[node].patterns.append(number)
        }
        known = [:]
    }

    /// A node, and the one behind no levels at all.
    func withLevels(_ node: Int) -> [Int] { nodes[node].levels.map { [node, $0] } ?? [node] }

    /// Tells every node that a name leads to, each once.
    func step(from places: [Int], _ name: [UInt8], _ body: (Int) -> Void) {
        var lowercased: [UInt8]?
        for place in places {
            if !nodes[place].names.isEmpty, let next = nodes[place].names[name] { body(next) }
            if !nodes[place].lowercasedNames.isEmpty {
                let small = lowercased ?? name.map(ByteSet.lowercased)
                lowercased = small
                if let next = nodes[place].lowercasedNames[small] { body(next) }
            }
            if !nodes[place].endings.isEmpty, let last = name.last, let globs = nodes[place].endings[last] {
                for (glob, next) in globs where glob.matches(name) { body(next) }
            }
            for (glob, next) in nodes[place].globs where glob.matches(name) { body(next) }
        }
    }

    private mutating func behindLevels(_ node: Int) -> Int {
        if let known = nodes[node].levels { return known }
        let new = append(Node(isLevels: true))
        nodes[node].levels = new
        return new
    }

    private mutating func behind(_ glob: Glob, _ node: Int) -> Int {
        let way = Way(node: node, glob: glob)
        if let next = known[way] { return next }
        let new = append(Node())
        known[way] = new
        if let name = glob.literal {
            if glob.ignoringCase { nodes[node].lowercasedNames[name] = new } else { nodes[node].names[name] = new }
        } else if let last = glob.lastByte {
            nodes[node].endings[last, default: []].append((glob, new))
            let capital = last & ~0x20
            if glob.ignoringCase, ByteSet.lowercased(capital) == last, capital != last {
                nodes[node].endings[capital, default: []].append((glob, new))
            }
        } else {
            nodes[node].globs.append((glob, new))
        }
        return new
    }

    private mutating func append(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }
}
