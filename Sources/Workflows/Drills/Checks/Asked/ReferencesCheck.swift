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
        let paths = try paths
        return try staged.answer(expected: expected) {
            var found = Tally()
            try staged.inquiry(cancellation).texts(query.text) { texts in
                try cancellation.check()
                for text in texts { found.add(text, isThere: try paths.holds(text)) }
            }
            guard found.asked > 0 else {
                throw Failure(
                    .unverifiable, "the query returned no path, so that nothing was compared",
                    hint: "ask for paths that there are, or take the check out of the policy")
            }
            let isGood = found.missing <= UInt64(allowed)
            return CheckAnswer(
                expected: expected,
                actual: isGood
                    ? expected
                    : "\(Quantity.count(found.missing)) of \(Quantity.count(found.asked)) missing in \(files)",
                detail: Quantity.count(found.asked, "path") + ", \(Quantity.count(found.missing)) missing",
                differing: isGood ? [] : found.named, unnamed: isGood ? 0 : found.missing - UInt64(found.named.count),
                compared: found.asked)
        }
    }

    func prove(cancellation: any Cancellation) throws -> [Report.Proof] {
        let paths = try paths
        let aside = try Directory(system.area.path)
        var undo: [() -> Void] = []
        var names: [String] = []
        defer { for step in undo.reversed() { step() } }
        do {
            try StagedQuery(query, in: system).inquiry(cancellation).texts(query.text) { texts in
                for text in texts where undo.count <= allowed {
                    try cancellation.check()
                    guard let step = try paths.remove(text, into: aside, as: Array("aside-\(undo.count)".utf8)) else {
                        continue
                    }
                    undo.append(step)
                    names.append(text)
                }
                if undo.count > allowed { throw Enough() }
            }
        } catch is Enough {}
        guard let name = names.first else { return [proof("a file removed", "no file is meant", isSeen: false)] }
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

    private var paths: RestoredPaths {
        get throws { try RestoredPaths(root: system.directory(of: files), location: system.source(files).location) }
    }
}
