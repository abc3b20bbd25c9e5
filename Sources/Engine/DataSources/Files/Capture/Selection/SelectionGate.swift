import Entries
import Formats
import Platform

/// Applies a selection to one walk, and counts what it leaves out. Used by the walking thread.
final class SelectionGate {
    private let selection: FileSelection
    private let sink: any CaptureSink
    private(set) var outcome: SelectionOutcome
    private var device: UInt64 = 0
    private var mount: UInt64 = 0
    private var missing = 0

    /// Paths of a list that are not there, as far as they are told one by one.
    private static let missingMax = 1000

    init(_ selection: FileSelection, sink: any CaptureSink) {
        self.selection = selection
        self.sink = sink
        outcome = SelectionOutcome(selection)
    }

    /// The place of the patterns in the root.
    var top: PathPatterns.Place { selection.compiled.top }

    /// Notes on which file system the root is.
    func begin(at root: FileStatus) {
        device = root.device
        mount = root.mount
    }

    // MARK: Names

    /// The patterns that mean a name.
    func matches(_ name: [UInt8], in place: PathPatterns.Place) -> PatternMatches {
        selection.compiled.matches(name, in: place)
    }

    /// The place of the patterns one directory deeper.
    func place(below place: PathPatterns.Place, _ name: [UInt8]) -> PathPatterns.Place {
        selection.compiled.place(below: place, name)
    }

    /// Whether an entry is left out, whatever it is: then it need not be looked at.
    func excludesUnseen(_ matches: PatternMatches) -> Bool {
        guard !matches.isEmpty else { return false }
        let patterns = selection.compiled
        guard patterns.excludes(matches, isDirectory: true), patterns.excludes(matches, isDirectory: false) else {
            return false
        }
        patterns.note(matches, isDirectory: true, in: &outcome.use)
        outcome.entries += 1
        return true
    }

    /// Whether an entry that was looked at is left out, by its name or its size.
    func excludes(_ matches: PatternMatches, _ status: FileStatus) -> Bool {
        if !matches.isEmpty {
            selection.compiled.note(matches, isDirectory: status.isDirectory, in: &outcome.use)
            if selection.compiled.excludes(matches, isDirectory: status.isDirectory) {
                leaveOut(status)
                return true
            }
        }
        guard let largest = selection.largestFileBytes, status.isRegular, status.size > largest else { return false }
        leaveOut(status)
        outcome.large += 1
        return true
    }

    private func leaveOut(_ status: FileStatus) {
        outcome.entries += 1
        guard status.isRegular else { return }
        // Three sparse files can claim more than 64 bits count.
        let (sum, isTooLarge) = outcome.bytes.addingReportingOverflow(status.size)
        outcome.bytes = isTooLarge ? .max : sum
    }

    // MARK: Directories

    /// Whether a directory is kept empty, since another file system lies there.
    func keepsEmpty(_ directory: FileStatus) -> Bool {
        guard selection.staysOnFileSystem, directory.device != device || directory.mount != mount else { return false }
        outcome.mounts += 1
        return true
    }

    /// The names in an open directory that are visited. Named by a list is what lies in it, or with `isWhole` itself.
    func names(in directory: Directory, isWhole: Bool, named: NamedGroup?) throws(Failure) -> LevelNames {
        guard isWhole else {
            guard let named else { return LevelNames(markers: []) }
            let kept = kept(in: directory) { name in (try? directory.status(of: name)) != nil }
            return kept.map { LevelNames(markers: wanted($0, in: named)) } ?? LevelNames(named: named)
        }
        let listed = try NameList(of: directory)
        guard let kept = kept(in: directory, has: { listed.index(of: $0) != nil }) else {
            return LevelNames(listed, named: named)
        }
        outcome.entries += UInt64(listed.count - kept.count)
        return LevelNames(markers: kept)
    }

    /// What alone is kept of a directory, ascending; nil when it is not marked.
    private func kept(in directory: Directory, has: ([UInt8]) -> Bool) -> [[UInt8]]? {
        var kept: Set<[UInt8]> = []
        if selection.excludesCaches, has(CacheTag.name), CacheTag.isValid(in: directory) {
            kept.insert(CacheTag.name)
            outcome.caches += 1
        }
        let markers = selection.markers.filter(has)
        if !markers.isEmpty { outcome.marked += 1 }
        kept.formUnion(markers)
        return kept.isEmpty ? nil : kept.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Those of the kept names that a list asks for; its other names are left out.
    private func wanted(_ kept: [[UInt8]], in named: NamedGroup) -> [[UInt8]] {
        var named = named
        var wanted: [[UInt8]] = []
        while let member = named.next() {
            if kept.contains(member.name) { wanted.append(member.name) } else { outcome.entries += 1 }
        }
        return wanted
    }

    // MARK: Named paths that are not there

    /// Reports what a list asks for and is not there: `path`, and what it names in it.
    func reportAbsent(_ step: LevelNames.Step, at path: String) {
        let inside = step.below?.count ?? 0
        if inside == 0 { return report(path, "is named in a list of paths, and does not exist") }
        if inside == 1, !step.isNamed {
            return report(step.below?.firstPath ?? path, "is named in a list of paths, and does not exist")
        }
        let named = Quantity.count(inside, "path")
        report(path, "does not exist, and neither \(inside == 1 ? "does" : "do") the \(named) that a list names in it")
    }

    /// Reports what a list names below `path`, which is no directory.
    func reportUnreachable(_ below: NamedGroup, at path: String, _ kind: Entry.Kind) {
        if below.count == 1 {
            return report(below.firstPath, "is named in a list of paths, but \(path) is a \(kind.words)")
        }
        report(path, "is a \(kind.words), and a list names \(Quantity.count(below.count, "path")) in it")
    }

    private func report(_ path: String, _ sentence: String) {
        missing += 1
        if missing <= Self.missingMax { sink.report(Finding(.missing, path, sentence)) }
    }

    /// Ends the walk: tells how many were not told one by one.
    func finish() {
        guard missing > Self.missingMax else { return }
        let more = Quantity.count(missing - Self.missingMax)
        sink.report(Finding(.missing, ".", "\(more) more of what a list names are not there"))
    }
}
