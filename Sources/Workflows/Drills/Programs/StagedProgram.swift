import Formats
import Platform
import Policies
import Reports

/// A program of the policy that was started on what came back: in the drill's network, in a process group of its own.
///
/// One thread uses it. Whoever starts it stops it; the area's removal ends it in any case.
final class StagedProgram {
    private let policy: ProcessPolicy
    private let system: StagedSystem
    private let clock: any Clock
    private var child: ChildProcess?

    init(_ policy: ProcessPolicy, in system: StagedSystem, clock: any Clock) {
        self.policy = policy
        self.system = system
        self.clock = clock
    }

    var name: String { policy.name }

    /// Starts it and waits until it is ready; what came of it is a check `start.NAME`. Throws cancellation, and a
    /// program that this machine does not have: that says nothing about the backup.
    func start(cancellation: any Cancellation) throws -> Report.Check {
        let begin = clock.monotonicSeconds()
        var check = Report.Check(
            "start.\(name)", source: "", result: .failed, gating: true, seconds: 0, detail: "", type: "start",
            expected: expectation, origin: "the policy", compared: 1)
        let started = try launch()
        child = started
        let problem = try wait(for: started, since: begin, cancellation)
        check.seconds = clock.monotonicSeconds() - begin
        check.result = problem == nil ? .passed : .failed
        check.actual = problem ?? check.expected
        check.detail = policy.argv.first ?? ""
        check.differing = problem.map { [$0, "its last words: \(lastWords)"] } ?? []
        return check
    }

    /// Ends it and its children. It is gone when this returns.
    func stop() {
        child?.stop(graceSeconds: Self.graceSeconds)
        child = nil
    }

    private static let graceSeconds = 3.0
    private var logPath: [UInt8] { system.area.path(of: "start-\(name).log") }

    private var expectation: String {
        guard let ready = policy.ready else { return "started" }
        return "ready within \(Quantity.duration(seconds: ready.withinSeconds))"
    }

    private func launch() throws -> ChildProcess {
        let log = try FileDescriptor(appendingTo: logPath)
        let words = try policy.argv.map { word throws(Failure) in try system.expanded(word) }
        let environment = try system.environment(policy.environment)
        do {
            _ = try ChildProcess.find(words.first ?? "", in: environment["PATH"])
            if let program = words.first, program.contains("/") {
                _ = try FileStatus(of: Array(program.utf8), following: true)
            }
            return try ChildProcess(
                system.network.prefix + words, environment: environment, output: .descriptor(log.number),
                errors: .descriptor(log.number), directory: String(decoding: system.area.path, as: UTF8.self))
        } catch {
            var failure = Failure(error)
            if failure.kind == .failed { failure.kind = .unverifiable }
            throw failure.within("the program \(name) cannot be started on this machine")
        }
    }

    /// Waits until the program is ready; the problem when it does not become so.
    private func wait(
        for child: ChildProcess, since begin: Double, _ cancellation: any Cancellation
    ) throws -> String? {
        guard let ready = policy.ready else {
            // Nobody can say when it is ready, but one that ends at once never is.
            Pause.sleep(seconds: Self.firstLookSeconds)
            return ended.map { "it ended (\($0)) at once; a program must stay in the foreground" }
        }
        var last = "it was never asked"
        while clock.monotonicSeconds() - begin < ready.withinSeconds {
            try cancellation.check()
            if let ending = child.endingIfAny() { return "it ended (\(ending.words)) before it was ready" }
            let left = ready.withinSeconds - (clock.monotonicSeconds() - begin)
            let patience = DeadlineCancellation(cancellation, clock: clock)
            patience.allow(min(left, Self.oneAskSeconds), for: "one question")
            guard let problem = try ask(ready.probe, patience, cancellation) else { return nil }
            last = problem
            Pause.sleep(seconds: 0.02)
        }
        return "it was not ready within \(Quantity.duration(seconds: ready.withinSeconds)) (\(last))"
    }

    private static let oneAskSeconds = 10.0
    private static let firstLookSeconds = 0.3

    /// How it ended by itself, in words; nil while it runs, and when it was told to end.
    var ended: String? { child?.endingIfAny()?.words }

    /// Asks once; nil when it is ready.
    private func ask(
        _ probe: ProcessPolicy.Readiness.Probe, _ patience: DeadlineCancellation, _ cancellation: any Cancellation
    ) throws -> String? {
        do {
            switch probe {
            case .http(let url, let status):
                let exchange = try HTTPExchange(system.expanded(url), network: system.network.own)
                let answer = try exchange.run(cancellation: patience)
                let isGood = status.map { $0 == answer.status } ?? (200...399).contains(answer.status)
                return isGood ? nil : "status \(answer.status)"
            case .command(let argv):
                let outcome = try system.run(argv, cancellation: patience)
                return outcome.ending.succeeded ? nil : outcome.ending.words
            }
        } catch {
            try cancellation.check()
            let failure = Failure(error)
            if failure.kind == .unverifiable { throw failure }
            return failure.description
        }
    }

    /// The end of what it wrote.
    private var lastWords: String {
        guard let log = try? FileTree.read(logPath, limit: 64 << 20), !log.isEmpty else { return "it wrote nothing" }
        let lines = String(decoding: log.suffix(2000), as: UTF8.self).split(separator: "\n").suffix(4)
        return lines.joined(separator: " / ")
    }
}
