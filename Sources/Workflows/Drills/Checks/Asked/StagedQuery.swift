import DataSources
import Platform
import Policies
import Reports

/// A query of the policy, with the database that came back for it.
struct StagedQuery {
    private let query: CheckPolicy.Query
    private let system: StagedSystem

    init(_ query: CheckPolicy.Query, in system: StagedSystem) {
        self.query = query
        self.system = system
    }

    /// A session for it.
    func inquiry(_ cancellation: any Cancellation) throws -> PostgresInquiry {
        try PostgresInquiry(
            system.server(of: query.source), database: database, role: system.role(of: query),
            cancellation: cancellation)
    }

    /// Runs `body`; what the database says against the question is an answer, too: that something is not there.
    func answer(expected: String, _ body: () throws -> CheckAnswer) throws -> CheckAnswer {
        do { return try body() } catch let problem as PostgresQuestionProblem {
            if problem.isMistake {
                throw Failure(
                    .unverifiable, problem.description, hint: "mend the query in the policy: it is no SQL")
            }
            return CheckAnswer(
                expected: expected, actual: "no answer", detail: query.words, differing: [problem.description],
                compared: 1)
        }
    }

    /// Tries the query on what would be there if its tables had been damaged. One damage that turns it red is enough:
    /// a count of bad rows stays at zero when all rows are gone.
    func prove(
        _ check: some AskedCheck, cancellation: any Cancellation, isRed: (PostgresAnswer) -> Bool
    ) throws -> [Report.Proof] {
        let trial = try PostgresTrial(
            query.text, in: system.server(of: query.source), database: database, role: system.role(of: query),
            cancellation: cancellation)
        let damages = try trial.damages()
        var tried: [PostgresTrial.Damage] = []
        for damage in damages {
            let isSeen: Bool
            do {
                guard let answer = try trial.value(after: damage) else { continue }
                isSeen = isRed(answer)
            } catch is PostgresQuestionProblem {
                isSeen = !damage.takesNames
            }
            if isSeen { return [check.proof(damage.words, Self.list(damage.tables), isSeen: true)] }
            tried.append(damage)
        }
        guard let first = tried.first else {
            throw Failure(.unverifiable, "none of \(damages.count) damages could be done to what it reads")
        }
        let words = tried.map(\.words).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return [check.proof(words.joined(separator: ", "), Self.list(first.tables), isSeen: false)]
    }

    private var database: String {
        get throws { try system.database(of: query.source, named: query.database).name }
    }

    private static func list(_ tables: [String]) -> String {
        tables.count > 4 ? tables.prefix(4).joined(separator: ", ") + " …" : tables.joined(separator: ", ")
    }
}

extension CheckPolicy.Query {
    /// Who asks where, in words; not the query itself, which the policy holds.
    var words: String {
        let place = database.map { "the database \($0) of \(source)" } ?? "the database of \(source)"
        return role.map { "asked of \(place) as \($0)" } ?? "asked of \(place)"
    }
}
