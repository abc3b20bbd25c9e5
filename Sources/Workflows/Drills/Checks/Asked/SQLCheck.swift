import DataSources
import Formats
import Platform
import Policies
import Reports

/// `sql`: one value that a query gives is what the policy expects.
struct SQLCheck: AskedCheck {
    static let type = "sql"
    let policy: CheckPolicy
    private let query: CheckPolicy.Query
    private let expectation: SQLExpectation
    private let system: StagedSystem

    init?(_ policy: CheckPolicy, of system: StagedSystem) {
        guard case .sql(let query, let expectation) = policy.kind else { return nil }
        self.policy = policy
        self.query = query
        self.expectation = expectation
        self.system = system
    }

    var source: String { query.source }

    func answer(cancellation: any Cancellation) throws -> CheckAnswer {
        let staged = StagedQuery(query, in: system)
        return try staged.answer(expected: expectation.words) {
            let answer = try staged.inquiry(cancellation).value(query.text)
            return judge(answer)
        }
    }

    func prove(cancellation: any Cancellation) throws -> [Report.Proof] {
        try StagedQuery(query, in: system).prove(self, cancellation: cancellation) { !judge($0).differing.isEmpty }
    }

    private func judge(_ answer: PostgresAnswer) -> CheckAnswer {
        let problem: String? =
            if !answer.isOne {
                "the query must give one value, and gives \(answer.shown)"
            } else if let text = answer.text, expectation.accepts(text) {
                nil
            } else {
                "expected \(expectation.words), found \(answer.shown)"
            }
        return CheckAnswer(
            expected: expectation.words, actual: problem == nil ? expectation.words(for: answer) : answer.shown,
            detail: query.words, differing: problem.map { [$0] } ?? [], compared: 1)
    }
}

extension SQLExpectation {
    /// What is expected, in words. A text that is expected may be a secret: only its length is told.
    var words: String {
        switch self {
        case .equals(let text): PostgresAnswer(rows: 1, columns: 1, text: text).shown
        case .range(let least?, let most?): "from \(Self.words(least)) to \(Self.words(most))"
        case .range(let least?, nil): "at least \(Self.words(least))"
        case .range(nil, let most?): "at most \(Self.words(most))"
        case .range(nil, nil): "a number"
        case .matches(let expression): "a match of \(expression)"
        }
    }

    /// A value that was accepted, in words.
    func words(for answer: PostgresAnswer) -> String {
        if case .matches = self { return words }
        return answer.shown
    }

    /// Whether a value is what is expected.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .equals(let wanted):
            if text.utf8.elementsEqual(wanted.utf8) { return true }
            // `5` and `5.00` are one number, whatever the type of the column.
            guard let one = Self.decimal(text), let other = Self.decimal(wanted) else { return false }
            return one == other
        case .range(let least, let most):
            guard let number = Double(text) else { return false }
            return number >= least ?? -.infinity && number <= most ?? .infinity
        case .matches(let expression):
            return (try? RegularExpression(expression))?.matches(text) ?? false
        }
    }

    /// A decimal number as the shortest text that means it, so that no digit is rounded away; nil for anything else.
    private static func decimal(_ text: String) -> String? {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isPlain, (1...2).contains(parts.count) else { return nil }
        let whole = parts[0].drop { $0 == "0" }
        var fraction = parts.count == 2 ? parts[1] : ""
        while fraction.last == "0" { fraction.removeLast() }
        let digits = (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : "." + fraction)
        return isNegative && digits != "0" ? "-" + digits : digits
    }

    private static func words(_ number: Double) -> String {
        Int64(exactly: number).map { Quantity.count($0) } ?? String(number)
    }
}
