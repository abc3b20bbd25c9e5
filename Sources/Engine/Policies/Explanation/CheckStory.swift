import Formats

/// Which checks a drill makes, what each shows, and which of them a recovery would wait for.
enum CheckStory {
    /// The gating ones first.
    static func sentences(_ policy: Policy) -> [String] {
        let own = policy.drill.checks.compactMap { check in
            sentence(check).map { (isGating: check.isGating, text: "\(check.identifier): \($0)") }
        }
        let all = brought(policy) + own
        let gating = all.filter(\.isGating).map(\.text)
        let audits = all.filter { !$0.isGating }.map(\.text)
        return [
            "\(Quantity.count(gating.count, "check is", "checks are")) gating: the system counts as recovered when "
                + "they have passed, and the drill fails when one does not."
        ] + gating
            + (audits.isEmpty
                ? []
                : [
                    "\(Quantity.count(audits.count, "check is an audit", "checks are audits")): told in the report, "
                        + "without failing the drill, and not part of the recovery time."
                ]) + audits + limit(own.count)
    }

    private static func limit(_ own: Int) -> [String] {
        guard own > 0 else { return [] }
        let time = PolicyPromises.duration(CheckPolicy.timeoutSeconds)
        return [
            "A check of the policy that takes longer than its timeout, or else \(time), could not run: that is no pass."
        ]
    }

    /// The checks that sources bring, gating as the policy says, else as they are by themselves.
    private static func brought(_ policy: Policy) -> [(isGating: Bool, text: String)] {
        policy.sources.flatMap { source in
            PolicyKeys.brought.compactMap { type, adapter, byItself -> (isGating: Bool, text: String)? in
                switch source.adapter {
                case .files: if adapter != "files" { return nil }
                case .postgres: if adapter != "postgres" { return nil }
                }
                let gating = policy.drill.isGating(type, source: source.name) ?? byItself
                return (gating, "\(type) of \(source.name): \(shows(type))")
            }
        }
    }

    private static func shows(_ type: String) -> String {
        switch type {
        case "files.manifest": "every file that was saved came back, with the same content and attributes."
        case "postgres.rowCounts": "every table has as many rows as it had."
        case "postgres.checksums": "the rows of every table are the same, byte by byte."
        case "postgres.structure": "tables, indexes, constraints, sequences and rights are as they were."
        default: "the server's own tool finds no broken table or index, where it is installed."
        }
    }

    private static func sentence(_ check: CheckPolicy) -> String? {
        switch check.kind {
        case .brought: nil
        case .sql(let query, let expect): "\(text(query)) must answer \(words(expect))."
        case .sqlLag(let query, let seconds):
            "\(text(query)) must answer an instant at most \(PolicyPromises.duration(seconds)) before "
                + "that of the snapshot's data."
        case .crossReferences(let query, let files, let missing):
            "every path that \(text(query)) answers must be among the files of \(files)"
                + (missing == 0 ? "." : ", but for \(Quantity.count(missing)) at most.")
        case .command(let argv, let exit, let matches):
            "`\(argv.joined(separator: " "))` must end with \(exit)"
                + (matches.map { ", and what it writes must match \($0)." } ?? ".")
        case .http(let url, let status, let contains, let matches):
            "\(url) must answer with \(status)" + (contains.map { ", with the text “\($0)” in it" } ?? "")
                + (matches.map { ", and match \($0)." } ?? ".")
        }
    }

    /// The query on one line, and where it is asked.
    private static func text(_ query: CheckPolicy.Query) -> String {
        let line = query.text.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }.joined(separator: " ")
        let place = query.database.map { "\(query.source) (\($0))" } ?? query.source
        return "`\(line)` in \(place)" + (query.role.map { " as \($0)" } ?? "")
    }

    private static func words(_ expect: SQLExpectation) -> String {
        switch expect {
        case .equals(let text): "“\(text)”"
        case .matches(let pattern): "a match of \(pattern)"
        case .range(let low?, let high?): "a number from \(number(low)) to \(number(high))"
        case .range(let low?, nil): "a number of at least \(number(low))"
        case .range(nil, let high?): "a number of at most \(number(high))"
        case .range: "a number"
        }
    }

    private static func number(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }
}
