import DataSources
import Platform

/// Whether the sources of a plan can be read at all, asked while something else is being done.
package struct SourceProbe: Sendable {
    /// Why they cannot, nil when all can.
    let failure: Failure?

    /// Asks the sources on a thread of its own while `body` runs; throws what `body` throws. Why a source cannot be
    /// read is told by the run that gets the probe.
    package static func run<Answer>(
        _ sources: [BackupPlan.Source], beside body: () throws -> Answer
    ) throws -> (answer: Answer, probe: SourceProbe) {
        let found = Found()
        let answer = try ThreadScope.run { scope in
            scope.start("probe") {
                do { for source in sources { try source.adapter.probe() } } catch { found.note(Failure(error)) }
            }
            return try body()
        }
        return (answer, SourceProbe(failure: found.failure))
    }

    private final class Found: @unchecked Sendable {
        private let lock = Lock()
        private var first: Failure?

        var failure: Failure? { lock.locked { first } }

        func note(_ failure: Failure) { lock.locked { first = failure } }
    }
}
