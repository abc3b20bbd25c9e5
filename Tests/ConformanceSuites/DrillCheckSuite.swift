import DataSources
import Drills
import Formats
import Platform
import Reports
import Testing

/// What every check of a drill must do; a test runs it over the checks of each adapter, on a copy of one of its
/// sources.
package struct DrillCheckSuite {
    /// How a drill asks a check, and writes its answer down.
    package typealias Asking = (any DrillCheck.Type, CheckSubject) throws -> Report.Check

    private let checks: [any DrillCheck.Type]
    private let copy: StagedCopy
    private let ask: Asking

    /// Takes the checks of an adapter, a copy of one of its sources, and the way in which a drill asks.
    package init(_ checks: [any DrillCheck.Type], on copy: StagedCopy, ask: @escaping Asking) {
        self.checks = checks
        self.copy = copy
        self.ask = ask
    }

    /// All promises, each under its name.
    package func run() throws {
        #expect(!checks.isEmpty)
        var answers = try faithfulCopiesPass()
        answers += try damagesAreNamed()
        answers += try lossesAreNoPass()
        try otherPlacesAreNoPass()
        try unknownManifestsAreNoPass()
        try checksStopWhenTold()
        try answersAreWrittenDown(answers)
    }

    /// A faithful copy passes, each time, and the answer says how much was compared.
    private func faithfulCopiesPass() throws -> [Report.Check] {
        let subject = try copy.bringBack()
        return try checks.map { check in
            var answer = try ask(check, subject)
            #expect(answer.identifier == check.identifier && answer.gating == check.isGating)
            #expect(answer.source == subject.source)
            #expect(answer.result == .passed, "\(Self.words(answer))")
            #expect(answer.compared > 0, "a check that compared nothing has not passed: \(Self.words(answer))")
            #expect(answer.differing == [])
            #expect(!answer.detail.isEmpty && !answer.expected.isEmpty)
            #expect(answer.actual == answer.expected, "what is found is what was promised")
            var again = try ask(check, subject)
            (answer.seconds, again.seconds) = (0, 0)
            #expect(again == answer, "asked again, it answers the same")
            return answer
        }
    }

    /// Every damage is seen by each check that claims it, and the object is named.
    private func damagesAreNamed() throws -> [Report.Check] {
        for check in checks {
            let claims = copy.damages.contains { $0.named[check.identifier] != nil }
            #expect(claims, "no damage is tried that \(check.identifier) must see")
        }
        var answers: [Report.Check] = []
        for damage in copy.damages {
            var subject = try copy.bringBack()
            try damage.make(&subject)
            for check in checks {
                guard let objects = damage.named[check.identifier] else { continue }
                let answer = try ask(check, subject)
                let words = "\(damage.words): \(Self.words(answer))"
                #expect(answer.result == .failed, "\(words)")
                #expect(answer.compared > 0, "\(words)")
                #expect(answer.actual != answer.expected, "\(words)")
                for object in objects {
                    #expect(answer.differing.contains { $0.contains(object) }, "\(object) is not named — \(words)")
                }
                #expect(answer.differing.count <= 101, "a report names a hundred, and how many more there are")
                answers.append(answer)
            }
        }
        return answers
    }

    /// Where there is nothing to look at, a check says that it could not run.
    private func lossesAreNoPass() throws -> [Report.Check] {
        var answers: [Report.Check] = []
        for loss in copy.losses {
            var subject = try copy.bringBack()
            try loss.make(&subject)
            for check in checks {
                let answer = try ask(check, subject)
                expectNotRun(answer, loss.words)
                answers.append(answer)
            }
        }
        #expect(!copy.losses.isEmpty)
        return answers
    }

    /// A copy of another kind is none that a check could look at.
    private func otherPlacesAreNoPass() throws {
        var subject = try copy.bringBack()
        switch subject.place {
        case .files: subject.place = .server(try PostgresLocation("postgres:host=/nonexistent"), programs: nil)
        case .server: subject.place = .files(Array("/".utf8))
        }
        for check in checks { expectNotRun(try ask(check, subject), "another place") }
    }

    /// A manifest that promises nothing, or that nobody can read, proves nothing.
    private func unknownManifestsAreNoPass() throws {
        var subject = try copy.bringBack()
        let tree = subject.tree
        for manifest: JSONValue in [.null, [], .object([]), "a manifest"] {
            subject.tree = ForeignManifest(tree: tree, stated: manifest)
            for check in checks {
                // A damaged repository ends the whole drill.
                guard let answer = try? ask(check, subject) else { continue }
                #expect(answer.result == .notRun, "\(JSONWriter.string(manifest)): \(Self.words(answer))")
            }
        }
    }

    private func checksStopWhenTold() throws {
        let subject = try copy.bringBack()
        for check in checks {
            let failure = #expect(throws: Failure.self, "\(check.identifier) goes on") {
                try check.run(subject, cancellation: Stopped())
            }
            #expect(failure?.kind == .interrupted, "\(check.identifier): \(failure?.description ?? "")")
        }
    }

    /// Whatever a check answers comes back from the evidence as it was.
    private func answersAreWrittenDown(_ answers: [Report.Check]) throws {
        var report = Report(kind: "drill", system: "suite", identifier: "0", started: Instant(seconds: 0))
        report.checks = answers
        let text = JSONWriter.bytes(ReportCoding.value(of: report))
        #expect(try ReportCoding.report(from: JSONParser.parse(text)) == report)
    }

    private func expectNotRun(_ answer: Report.Check, _ words: String) {
        #expect(answer.result == .notRun, "\(words): \(Self.words(answer))")
        #expect(!answer.detail.isEmpty, "\(words): why it could not run is told")
        #expect(answer.compared == 0 && answer.differing == [], "\(words)")
    }

    private static func words(_ answer: Report.Check) -> String {
        "\(answer.identifier) \(answer.result), \(answer.compared) compared: \(answer.detail) \(answer.differing)"
    }

    private struct Stopped: Cancellation {
        func check() throws { throw Failure(.interrupted, "stopped by the suite") }
    }
}
