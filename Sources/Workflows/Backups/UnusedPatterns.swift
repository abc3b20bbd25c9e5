import DataSources
import Formats
import Platform

/// Patterns that meant nothing in any source that they were given for: most likely mistyped.
enum UnusedPatterns {
    /// A pattern by where it was written; the same one may be given for several sources.
    private struct Key: Hashable {
        let text: [UInt8]
        let origin: String

        init(_ pattern: FileSelection.Pattern) {
            text = pattern.pattern.text
            origin = pattern.origin
        }
    }

    /// A notice for each of them, in the order in which they were given.
    static func findings(_ outcomes: [SelectionOutcome]) -> [Finding] {
        var used: Set<Key> = []
        for outcome in outcomes {
            let unused = Set(outcome.unusedPatterns.map { Key($0) })
            for pattern in outcome.selection.patterns where !unused.contains(Key(pattern)) { used.insert(Key(pattern)) }
        }
        var told: Set<Key> = []
        var findings: [Finding] = []
        for pattern in outcomes.flatMap({ $0.selection.patterns }) where !used.contains(Key(pattern)) {
            guard told.insert(Key(pattern)).inserted else { continue }
            findings.append(
                Finding(.notice, pattern.origin, "the pattern \(printable(pattern.pattern.text)) matched nothing"))
        }
        return findings
    }
}
