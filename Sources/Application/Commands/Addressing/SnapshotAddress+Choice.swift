import Formats
import Platform

extension SnapshotAddress {
    /// What is chosen by its time or its digits, in words.
    struct Noun: Sendable {
        let word: String
        /// What a person may do to see the choice.
        let hint: String

        static let snapshot = Noun(word: "snapshot", hint: "`salvor snapshots` shows what there is")
        static let drill = Noun(word: "drill", hint: "`salvor report --list` shows them; `salvor drill` makes one")
    }

    private static let candidatesShown = 10

    /// The identifier of the snapshot that this address means.
    ///
    /// `latest` looks only at what passes the filter, by data time, and refuses to choose between systems when nobody
    /// filtered. Digits mean a snapshot whatever the filter.
    func choose(
        among snapshots: [SnapshotFacts], filter: SnapshotFilter, noun: Noun = .snapshot
    ) throws(Failure) -> String {
        switch self {
        case .latest(let back): try Self.newest(back: back, among: snapshots, filter, noun)
        case .prefix(let digits): try Self.one(beginning: digits, among: snapshots, noun)
        }
    }

    private static func newest(
        back: Int, among snapshots: [SnapshotFacts], _ filter: SnapshotFilter, _ noun: Noun
    ) throws(Failure) -> String {
        let passing = snapshots.filter(filter.passes)
            .sorted { ($0.dataTime, $0.identifier) > ($1.dataTime, $1.identifier) }
        guard !passing.isEmpty else {
            let which = "no \(noun.word) \(filter.isEmpty ? "yet" : filter.words)"
            throw Failure(.failed, "the repository has \(which)", hint: noun.hint)
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
                "there is no latest~\(back): only \(Quantity.count(passing.count, noun.word)) \(filter.words)"
                    .trimmingTrailingSpaces())
        }
        return passing[back].identifier
    }

    private static func one(
        beginning digits: String, among snapshots: [SnapshotFacts], _ noun: Noun
    ) throws(Failure) -> String {
        let found = snapshots.filter { $0.identifier.hasPrefix(digits) }.sorted { $0.dataTime < $1.dataTime }
        guard let first = found.first else {
            throw Failure(
                .usage, "no \(noun.word)'s identifier begins with \(digits)",
                hint: noun.hint)
        }
        guard found.count > 1 else { return first.identifier }
        let shown = found.prefix(candidatesShown).map { snapshot in
            let time = Timestamp.string(seconds: snapshot.dataTime.seconds)
            return "\(snapshot.identifier.prefix(digits.count + 8)) (\(snapshot.system), \(time))"
        }
        let more = found.count > candidatesShown ? " and \(found.count - candidatesShown) more" : ""
        throw Failure(
            .usage, "\(digits) begins \(found.count) \(noun.word)s: \(shown.joined(separator: ", "))\(more)",
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
