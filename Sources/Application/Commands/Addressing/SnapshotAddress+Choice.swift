import Formats
import Platform

extension SnapshotAddress {
    private static let candidatesShown = 10

    /// The identifier of the snapshot that this address means.
    ///
    /// `latest` looks only at what passes the filter, by data time, and refuses to choose between systems when nobody
    /// filtered. Digits mean a snapshot whatever the filter.
    func choose(among snapshots: [SnapshotFacts], filter: SnapshotFilter) throws(Failure) -> String {
        switch self {
        case .latest(let back): try Self.newest(back: back, among: snapshots, filter)
        case .prefix(let digits): try Self.one(beginning: digits, among: snapshots)
        }
    }

    private static func newest(
        back: Int, among snapshots: [SnapshotFacts], _ filter: SnapshotFilter
    ) throws(Failure) -> String {
        let passing = snapshots.filter(filter.passes)
            .sorted { ($0.dataTime, $0.identifier) > ($1.dataTime, $1.identifier) }
        guard !passing.isEmpty else {
            let which = filter.isEmpty ? "no snapshot yet" : "no snapshot \(filter.words)"
            throw Failure(.failed, "the repository has \(which)", hint: "`salvor snapshots` shows what there is")
        }
        let systems = Set(passing.map(\.system)).sorted()
        guard !filter.isEmpty || systems.count == 1 else {
            throw Failure(
                .usage, "`latest` could be of \(systems.count) systems: \(systems.joined(separator: ", "))",
                hint: "say which: --system \(systems[0])")
        }
        guard back < passing.count else {
            throw Failure(
                .failed,
                "there is no latest~\(back): only \(Quantity.count(passing.count, "snapshot")) \(filter.words)"
                    .trimmingTrailingSpaces())
        }
        return passing[back].identifier
    }

    private static func one(beginning digits: String, among snapshots: [SnapshotFacts]) throws(Failure) -> String {
        let found = snapshots.filter { $0.identifier.hasPrefix(digits) }.sorted { $0.dataTime < $1.dataTime }
        guard let first = found.first else {
            throw Failure(
                .usage, "no snapshot's identifier begins with \(digits)",
                hint: "`salvor snapshots` shows what there is")
        }
        guard found.count > 1 else { return first.identifier }
        let shown = found.prefix(candidatesShown).map { snapshot in
            let time = Timestamp.string(seconds: snapshot.dataTime.seconds)
            return "\(snapshot.identifier.prefix(digits.count + 8)) (\(snapshot.system), \(time))"
        }
        let more = found.count > candidatesShown ? " and \(found.count - candidatesShown) more" : ""
        throw Failure(
            .usage, "\(digits) begins \(found.count) snapshots: \(shown.joined(separator: ", "))\(more)",
            hint: "give more digits")
    }
}

extension String {
    /// The text without the spaces at its end.
    fileprivate func trimmingTrailingSpaces() -> String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
