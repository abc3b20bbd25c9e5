/// A pattern for one name, as shells and gitignore lists have it, matched byte by byte.
///
/// `*` is any bytes, `?` any one byte, `[a-z]` one of a set, `[!a]` and `[^a]` one that is not in it; in a set stand
/// POSIX classes such as `[:alpha:]`, too. A backslash makes the next byte an ordinary one. A leading dot is nothing
/// special. What a pattern cannot say in bytes it does not know: `?` is half of a letter that takes two.
package struct Glob: Sendable, Hashable {
    /// What one byte of a name is compared with.
    enum Place: Sendable, Hashable {
        case byte(UInt8)
        case any
        case oneOf(ByteSet)
    }

    /// Whether capitals and small letters of ASCII are the same.
    package let ignoringCase: Bool
    /// The places between the stars: without a star there is one run.
    private let runs: [[Place]]

    /// Understands a pattern.
    package init(_ pattern: some Collection<UInt8>, ignoringCase: Bool = false) throws(PatternProblem) {
        var parser = GlobParser(Array(pattern), ignoringCase: ignoringCase)
        self.ignoringCase = ignoringCase
        runs = try parser.runs()
    }

    /// Whether the pattern stands for the whole of `name`.
    ///
    /// Between the first and the last run each run is sought from the left, which never has to be taken back: the time
    /// grows with the name's length times the longest run's, whatever the number of stars.
    package func matches(_ name: [UInt8]) -> Bool {
        let first = runs[0]
        guard runs.count > 1 else { return name.count == first.count && fits(first, name, at: 0) }
        let last = runs[runs.count - 1]
        guard name.count >= first.count + last.count, fits(first, name, at: 0) else { return false }
        let end = name.count - last.count
        guard fits(last, name, at: end) else { return false }
        var start = first.count
        for run in runs[1..<(runs.count - 1)] {
            while start + run.count <= end, !fits(run, name, at: start) { start += 1 }
            start += run.count
            if start > end { return false }
        }
        return true
    }

    /// The only name that the pattern stands for, in small letters when case is ignored; nil when there are others.
    package var literal: [UInt8]? {
        guard runs.count == 1 else { return nil }
        var name: [UInt8] = []
        for place in runs[0] {
            guard case .byte(let byte) = place else { return nil }
            name.append(byte)
        }
        return name
    }

    /// The byte that every matching name ends with, in small letters when case is ignored; nil when several may.
    var lastByte: UInt8? {
        guard case .byte(let byte)? = runs[runs.count - 1].last else { return nil }
        return byte
    }

    private func fits(_ run: [Place], _ name: [UInt8], at start: Int) -> Bool {
        for (offset, place) in run.enumerated() {
            let byte = name[start + offset]
            switch place {
            case .byte(let wanted):
                if byte != wanted, !ignoringCase || ByteSet.lowercased(byte) != wanted { return false }
            case .any: continue
            case .oneOf(let set): if !set.contains(byte) { return false }
            }
        }
        return true
    }
}
