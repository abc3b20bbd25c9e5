import DataSources
import Formats
import Platform
import Policies
import Reports

/// `sql.lag`: the newest instant that a query finds in the data is not much older than the snapshot says it is. A dump
/// of a replica that stood still is seen by that.
///
/// It is compared with the snapshot's data time and not with now: an old recovery point is not wrong for being old.
struct SQLLagCheck: AskedCheck {
    static let type = "sql.lag"
    let policy: CheckPolicy
    private let query: CheckPolicy.Query
    private let maxSeconds: Double
    private let system: StagedSystem

    init?(_ policy: CheckPolicy, of system: StagedSystem) {
        guard case .sqlLag(let query, let maxSeconds) = policy.kind else { return nil }
        self.policy = policy
        self.query = query
        self.maxSeconds = maxSeconds
        self.system = system
    }

    var source: String { query.source }

    func answer(cancellation: any Cancellation) throws -> CheckAnswer {
        let staged = StagedQuery(seconds, in: system)
        let dataTime = try system.source(query.source).dataTime
        return try staged.answer(expected: expected) {
            judge(try staged.inquiry(cancellation).value(seconds.text), dataTime)
        }
    }

    func prove(cancellation: any Cancellation) throws -> [Report.Proof] {
        let dataTime = try system.source(query.source).dataTime
        return try StagedQuery(seconds, in: system).prove(self, cancellation: cancellation) {
            !judge($0, dataTime).differing.isEmpty
        }
    }

    private var expected: String { "at most \(Quantity.duration(seconds: maxSeconds)) before the data time" }

    /// The same query, for the seconds since 1970: an instant without a zone is in UTC, as the session is.
    private var seconds: CheckPolicy.Query {
        var query = query
        var scalars = query.text.unicodeScalars[...]
        while let last = scalars.last, last == ";" || last.properties.isWhitespace { scalars = scalars.dropLast() }
        query.text = "SELECT extract(epoch FROM (\(String(scalars)))::timestamptz)"
        return query
    }

    private func judge(_ answer: PostgresAnswer, _ dataTime: Instant) -> CheckAnswer {
        var problem: String?
        var actual = "no instant: \(answer.shown)"
        if answer.isOne, let text = answer.text, let found = Double(text) {
            let instant = Double(dataTime.seconds) + Double(dataTime.nanoseconds) / 1e9
            let lag = instant - found
            actual =
                lag >= 0
                ? "\(Quantity.duration(seconds: lag)) before it" : "\(Quantity.duration(seconds: -lag)) after it"
            if lag > maxSeconds { problem = "the newest instant in the data is \(actual), the snapshot's data time" }
        } else {
            problem = "the query gives \(actual)"
        }
        return CheckAnswer(
            expected: expected, actual: actual, detail: query.words, differing: problem.map { [$0] } ?? [], compared: 1)
    }
}
