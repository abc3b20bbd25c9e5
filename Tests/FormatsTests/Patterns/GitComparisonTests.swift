import Formats
import Platform
import TestDoubles
import Testing

@Suite("Patterns beside git")
struct GitComparisonTests {
    @Test("trees and lists made at random are excluded as git excludes them, by the same line", arguments: 0..<40)
    func random(seed: Int) throws {
        let maker = PatternMaker(seed: UInt64(seed))
        let tree = maker.tree()
        let git = try GitRepository(tree)
        let paths = tree.keys.sorted { $0.lexicographicallyPrecedes($1) { $0.lexicographicallyPrecedes($1) } }
        for round in 0..<12 {
            let list = maker.list(for: paths)
            let ours = Lines(list)
            let verdicts = try git.verdicts(list, on: paths)
            #expect(verdicts.count == paths.count)
            for (path, line) in zip(paths, verdicts) {
                let isDirectory = tree[path] == true
                #expect(
                    ours.decider(path, isDirectory: isDirectory) == line,
                    "seed \(seed), round \(round): \(printable(list)) on \(path.map(printable)), \(isDirectory)")
            }
            let files = paths.filter { tree[$0] == false }
            let excluded = files.filter { ours.patterns.excludes(path: $0, isDirectory: false) }
            #expect(try git.excludedFiles(list) == Set(excluded), "seed \(seed), round \(round): \(printable(list))")
        }
    }

    /// A list as our patterns, each with its line; a line that is refused stands for nothing.
    private struct Lines {
        let patterns: PathPatterns
        let lines: [Int]

        init(_ list: [UInt8]) {
            var found: [(line: Int, pattern: PathPattern)] = []
            for (index, line) in list.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
                if let pattern = try? PathPattern(line: line) { found.append((index + 1, pattern)) }
            }
            patterns = PathPatterns(found.map { $0.pattern })
            lines = found.map { $0.line }
        }

        /// The line that decides on a path, itself or with a directory above it; nil when none does.
        func decider(_ path: [[UInt8]], isDirectory: Bool) -> Int? {
            var place = patterns.top
            for (depth, name) in path.enumerated() {
                let isLast = depth == path.count - 1
                let matches = patterns.matches(name, in: place)
                let decider = patterns.decider(matches, isDirectory: isDirectory || !isLast)
                if isLast || patterns.excludes(matches, isDirectory: true) { return decider.map { lines[$0] } }
                place = patterns.place(below: place, name)
            }
            return nil
        }
    }
}
