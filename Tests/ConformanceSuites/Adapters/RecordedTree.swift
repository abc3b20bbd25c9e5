import DataSources
import Entries
import Platform
import TestDoubles

/// Recorded captures beside each other. Trees may be deeper than a stack: nothing here calls itself.
enum RecordedTree {
    /// Every recorded entry with its path, parents before their children.
    static func walk(_ recording: Recording) -> [(path: [[UInt8]], node: RecordedNode)] {
        guard let root = recording.sink.root else { return [] }
        var found: [(path: [[UInt8]], node: RecordedNode)] = [([], root)]
        var next = 0
        while next < found.count {
            let (path, node) = found[next]
            next += 1
            for name in node.names { if let child = node.children[name] { found.append((path + [name], child)) } }
        }
        return found
    }

    /// Where two captures of one source differ, at most ten sentences. The times of a root that is a directory may
    /// differ: what has no times of its own gives it the capture's.
    static func differences(_ one: Recording, _ other: Recording) -> [String] {
        let (ones, others) = (walk(one), walk(other))
        var sentences: [String] = []
        if ones.count != others.count { sentences.append("\(ones.count) entries instead of \(others.count)") }
        for (left, right) in zip(ones, others) where sentences.count < 10 {
            var (entry, expected) = (left.node.entry, right.node.entry)
            if left.path.isEmpty, entry.kind == .directory {
                (entry.modified, entry.changed) = (expected.modified, expected.changed)
            }
            expected.name = right.path.last ?? expected.name
            if left.path != right.path {
                sentences.append("\(words(left.path)) instead of \(words(right.path))")
            } else if entry != expected {
                sentences.append("\(words(left.path)) is another entry: \(entry) instead of \(expected)")
            } else if left.node.bytes != right.node.bytes {
                sentences.append("\(words(left.path)) has other bytes")
            }
        }
        return sentences
    }

    /// What `whole` holds and `rest` does not, and no finding names: neither it nor a directory above it.
    static func untold(in rest: Recording, of whole: Recording) -> [String] {
        let named = Set(rest.findings.map(\.object))
        var covered: Set<[[UInt8]]> = []
        var untold: [String] = []
        for (path, node) in walk(whole) {
            if covered.contains(Array(path.dropLast())), !path.isEmpty {
                covered.insert(path)
                continue
            }
            let name = words(path)
            let isNamed = named.contains(name) || path.isEmpty && (named.contains("") || named.contains("."))
            if isNamed { covered.insert(path) }
            let found = rest.sink.node(path)
            guard found == nil || found?.bytes != node.bytes, !isNamed else { continue }
            if untold.count < 10 { untold.append("\(name) \(found == nil ? "is missing" : "has other bytes")") }
            covered.insert(path)
        }
        return untold
    }

    private static func words(_ path: [[UInt8]]) -> String { path.map { printable($0) }.joined(separator: "/") }
}
