import Formats
import Platform
import Policies
import Reports

/// `http`: a program that was started on what came back answers as the policy expects.
struct HTTPCheck: AskedCheck {
    static let type = "http"
    let policy: CheckPolicy
    let source = ""
    private let url: String
    private let status: Int
    private let text: String?
    private let expression: String?
    private let system: StagedSystem

    init?(_ policy: CheckPolicy, of system: StagedSystem) {
        guard case .http(let url, let status, let text, let expression) = policy.kind else { return nil }
        self.policy = policy
        self.url = url
        self.status = status
        self.text = text
        self.expression = expression
        self.system = system
    }

    var provesByEndingPrograms: Bool { true }

    func answer(cancellation: any Cancellation) throws -> CheckAnswer {
        let exchange = try HTTPExchange(system.expanded(url), network: system.network.own)
        var problems: [String] = []
        var actual = "no answer"
        do {
            let answer = try exchange.run(cancellation: cancellation)
            problems = self.problems(answer)
            actual = "status \(answer.status), \(Quantity.bytes(UInt64(answer.body.count)))"
        } catch {
            try cancellation.check()
            problems = [Failure(error).description]
        }
        return CheckAnswer(
            expected: expected, actual: problems.isEmpty ? expected : actual, detail: url, differing: problems,
            compared: 1)
    }

    /// A check that stays green when the programs are gone asks somebody else.
    func prove(cancellation: any Cancellation) throws -> [Report.Proof] {
        let stopped = system.stopPrograms()
        return [proof("a program ended", stopped, isSeen: try isRed(cancellation: cancellation))]
    }

    private var expected: String {
        "status \(status)" + (text.map { ", “\($0)” in it" } ?? "") + (expression.map { ", a match of \($0)" } ?? "")
    }

    private func problems(_ answer: HTTPExchange.Answer) -> [String] {
        var problems: [String] = []
        if answer.status != status { problems.append("expected status \(status), found \(answer.status)") }
        if let text, !Self.holds(answer.body, Array(text.utf8)) {
            problems.append("“\(text)” is not in the answer")
        }
        if let expression {
            let body = String(decoding: answer.body, as: UTF8.self)
            let isMatch = (try? RegularExpression(expression))?.matches(body) ?? false
            if !isMatch { problems.append("nothing in the answer matches \(expression)") }
        }
        return problems
    }

    private static func holds(_ body: [UInt8], _ text: [UInt8]) -> Bool {
        guard let first = text.first else { return true }
        var rest = body[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: text) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
