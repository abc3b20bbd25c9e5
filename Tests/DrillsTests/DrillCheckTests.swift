import ConformanceSuites
import DataSources
import Platform
import Reports
import TestDoubles
import Testing

@testable import Drills

/// The questions that a drill asks of what came back.
struct DrillCheckTests {
    /// Every adapter that has checks, with the sources of it that they are tried on.
    private static let copies: [String: @Sendable () throws -> [StagedCopy]] = [
        "files": {
            let files = try StagedFiles()
            return [files.tree, files.single]
        },
        "postgres": { [try StagedShop().copy] },
    ]

    /// What comes as one file is compared by the check itself, and tried by the tests of standard input.
    private static let triedElsewhere: Set = ["stdin"]

    @Test(
        "a check keeps the contract of checks",
        arguments: Set(CheckCatalog.all.map { $0.adapter }).subtracting(triedElsewhere))
    func keepsTheContract(adapter: String) throws {
        let checks = CheckCatalog.all.filter { $0.adapter == adapter }
        let copies = try #require(Self.copies[adapter], "this test lacks the line for the checks of \(adapter)")
        for copy in try copies() { try DrillCheckSuite(checks, on: copy, ask: Self.ask).run() }
    }

    /// Asks as a drill does.
    private static func ask(_ check: any DrillCheck.Type, _ subject: CheckSubject) throws -> Report.Check {
        let runner = CheckRunner(clock: SystemClock(), cancellation: NeverCancelled())
        let answers = try runner.run([PlannedCheck(check, of: subject)], gating: check.isGating)
        return try #require(answers.first)
    }

    @Test("where pg_amcheck is not installed its check says so, and the drill is judged without it")
    func amcheckIsAway() throws {
        let empty = try TemporaryFolder("programs")
        let shop = try StagedShop()
        var subject = try shop.copy.bringBack()
        guard case .server(let place, _) = subject.place else { return #expect(Bool(false), "no server") }
        subject.place = .server(place, programs: empty.path)
        let answer = try Self.ask(PostgresAmcheckCheck.self, subject)
        #expect(answer.result == .notRun && answer.detail.contains("pg_amcheck"), "\(answer)")
        let judgement = DrillJudgement(system: "shop", snapshot: "snapshot 1", dataTime: "then", checks: [answer])
        #expect(judgement.verdict == .recovered && judgement.reasons == [])
    }

    @Test("the names of checks stand in reports that are kept: each is there once, and none goes away")
    func namesStay() {
        let names = CheckCatalog.all.map { $0.identifier }
        #expect(Set(names).count == names.count)
        let given = [
            "files.manifest", "postgres.rowCounts", "postgres.checksums", "postgres.structure", "postgres.amcheck",
        ]
        for name in given { #expect(names.contains(name), "\(name) was given to a check once") }
        for check in CheckCatalog.all {
            #expect(check.identifier.hasPrefix(check.adapter + "."))
            let rest = check.identifier.dropFirst(check.adapter.count + 1)
            #expect(!rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isLetter })
        }
    }

    @Test("every check is documented")
    func documented() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = Array("/\(root)/Sources/Application/Commands/Commands.docc/JSON.md".utf8)
        let article = String(decoding: try FileTree.read(path, limit: 1 << 20), as: UTF8.self)
        for check in CheckCatalog.all {
            let isNamed = article.contains("\n- `\(check.identifier)`: ")
            #expect(isNamed, "the section on drills has no line for \(check.identifier)")
        }
    }

    @Test("what an adapter saves, a drill can bring back and prove")
    func adaptersAreDrilled() {
        let adapters = Set(AdapterCatalog.all.map { $0.name })
        #expect(Set(RecoveryCatalog.all.map { $0.adapter }) == adapters)
        #expect(RecoveryCatalog.all.count == adapters.count)
        #expect(Set(CheckCatalog.all.filter { $0.isGating }.map { $0.adapter }) == adapters)
        #expect(Set(CheckCatalog.all.map { $0.adapter }) == adapters)
    }
}
