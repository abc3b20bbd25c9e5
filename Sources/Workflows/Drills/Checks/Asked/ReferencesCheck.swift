import DataSources
import Formats
import Platform
import Policies
import Reports

/// `cross.references`: every path that a query returns exists among the restored files. A database and its files that
/// were saved at different times, or one without the other, are seen by that.
struct ReferencesCheck: AskedCheck {
    static let type = "cross.references"
    let policy: CheckPolicy
    private let query: CheckPolicy.Query
    private let files: String
    private let allowed: Int
    private let system: StagedSystem

    init?(_ policy: CheckPolicy, of system: StagedSystem) {
        guard case .crossReferences(let query, let files, let allowed) = policy.kind else { return nil }
        self.policy = policy
        self.query = query
        self.files = files
        self.allowed = allowed
        self.system = system
    }

    var source: String { query.source }

    func answer(cancellation: any Cancellation) throws -> CheckAnswer {
        let staged = StagedQuery(query, in: system)
        return try staged.answer(expected: expected) {
            var found = Tally()
            try staged.inquiry(cancellation).texts(query.text) { texts in
                try cancellation.check()
                for text in texts { found.add(text, isThere: try path(of: text) != nil) }
            }
            let isGood = found.missing <= UInt64(allowed)
            let actual = "\(Quantity.count(found.missing)) of \(Quantity.count(found.asked)) missing in \(files)"
            return CheckAnswer(
                expected: expected, actual: actual,
                detail: found.asked == 0 ? "the query returned no path" : "\(Quantity.count(found.asked, "path"))",
                differing: isGood ? [] : found.named, unnamed: isGood ? 0 : found.missing - UInt64(found.named.count),
                compared: found.asked)
        }
    }

    func prove(cancellation: any Cancellation) throws -> [Report.Proof] {
        var removed: [(from: [UInt8], to: [UInt8])] = []
        var names: [String] = []
        do {
            try StagedQuery(query, in: system).inquiry(cancellation).texts(query.text) { texts in
                for text in texts where removed.count <= allowed {
                    guard let path = try path(of: text) else { continue }
                    let aside = system.area.path(of: "aside-\(removed.count)")
                    try FileTree.rename(path, to: aside)
                    removed.append((path, aside))
                    names.append(text)
                }
                if removed.count > allowed { throw Enough() }
            }
        } catch is Enough {}
        defer { for (from, to) in removed.reversed() { try? FileTree.rename(to, to: from) } }
        guard let name = names.first else { return [proof("a file removed", "no path is returned", isSeen: false)] }
        let object = names.count > 1 ? "\(name) and \(Quantity.count(names.count - 1)) more" : name
        return [proof("a file removed", "\(files): \(object)", isSeen: try isRed(cancellation: cancellation))]
    }

    /// Ends the reading of a query's rows.
    private struct Enough: Error {}

    private struct Tally {
        var asked: UInt64 = 0
        var missing: UInt64 = 0
        var named: [String] = []

        mutating func add(_ text: String, isThere: Bool) {
            asked += 1
            if isThere { return }
            missing += 1
            if named.count < CheckRunner.namedDifferences { named.append(printable(Array(text.utf8))) }
        }
    }

    private var expected: String {
        allowed == 0
            ? "every path exists in \(files)" : "at most \(Quantity.count(allowed)) paths missing in \(files)"
    }

    /// The restored file that a value of the database means; nil when there is none.
    ///
    /// The value is a path below the source's root, or the absolute path that the file had in production. One that
    /// would lead out of the restored files means nothing there.
    private func path(of value: String) throws -> [UInt8]? {
        let root = try system.directory(of: files)
        let location = try system.source(files).location
        var rest = value[...]
        if rest.hasPrefix(location + "/") { rest = rest.dropFirst(location.count) }
        let names = rest.split(separator: "/").map { Array($0.utf8) }
        let leadsOut = names.contains { $0 == Array("..".utf8) || $0.contains(0) }
        guard !leadsOut, !names.isEmpty else { return nil }
        let path = names.reduce(root) { $0 + [UInt8(ascii: "/")] + $1 }
        do throws(Failure) {
            _ = try FileStatus(of: path, following: false)
            return path
        } catch {
            // A name that no file system could hold is no file's name either.
            if error.isAbsence || error.isImpossibleName { return nil }
            throw error
        }
    }
}
