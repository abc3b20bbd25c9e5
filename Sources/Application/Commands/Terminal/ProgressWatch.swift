import Platform

/// Shows how far a run is, from a thread of its own, as long as the run lasts.
enum ProgressWatch {
    private static let secondsBetween = 0.2

    /// Runs `body`; what `counters` say is shown meanwhile, under `activity`, when there is a terminal to show it on.
    static func run<Answer>(
        _ output: Output, _ activity: String, items: String, _ counters: WorkCounters, _ body: () throws -> Answer
    ) throws -> Answer {
        guard output.progress.isVisible else { return try body() }
        let watch = Watch()
        return try ThreadScope.run { scope in
            defer { watch.stop() }
            scope.start("progress") {
                while watch.goesOn(forSeconds: secondsBetween) {
                    output.progress.show(amounts(activity, items, counters))
                }
                output.progress.hide()
            }
            return try body()
        }
    }

    private static func amounts(_ activity: String, _ items: String, _ counters: WorkCounters) -> ProgressAmounts {
        ProgressAmounts(
            activity: activity, bytesDone: UInt64(max(0, counters.bytes)),
            bytesTotal: counters.expectedBytes > 0 ? UInt64(counters.expectedBytes) : nil,
            itemsDone: UInt64(max(0, counters.items)), items: items)
    }

    /// A flag that can be waited for.
    private final class Watch: @unchecked Sendable {
        private let lock = Lock()
        private var stopped = false

        func stop() {
            lock.locked {
                stopped = true
                lock.wakeAll()
            }
        }

        /// Waits; false when the run has ended meanwhile.
        func goesOn(forSeconds seconds: Double) -> Bool {
            lock.locked {
                if !stopped { lock.wait(atMostSeconds: seconds) }
                return !stopped
            }
        }
    }
}
