import Drills
import Platform
import Reports
import Synchronization
import Testing

/// Every instant of a drill has one owner.
struct PhaseClockTests {
    /// A clock that moves by fractions of a second.
    final class FineClock: Clock {
        private let elapsed = Mutex(1000.0)
        func advance(_ seconds: Double) { elapsed.withLock { $0 += seconds } }
        func now() -> Instant { Instant(seconds: 0) }
        func monotonicSeconds() -> Double { elapsed.withLock { $0 } }
    }

    @Test("the shares of the counted phases add up to the measured time, whatever the order of phases")
    func sharesAddUp() {
        let time = FineClock()
        var clock = PhaseClock(time, startingIn: .access)
        var expected: [DrillPhase: Int64] = [:]
        var current = DrillPhase.access
        for step in 0..<10_000 {
            let milliseconds = Int64(step % 7 + 1)
            time.advance(Double(milliseconds) / 1000)
            expected[current, default: 0] += milliseconds
            current = DrillPhase.allCases[step * 31 % DrillPhase.allCases.count]
            clock.enter(current)
        }
        clock.stop()
        time.advance(100)
        for phase in DrillPhase.allCases {
            #expect(abs(clock.seconds(of: phase) - Double(expected[phase] ?? 0) / 1000) < 1e-6)
        }
        let shares = clock.phases().filter(\.counted).map { Int64(($0.shareSeconds * 1e9).rounded()) }
        #expect(shares.reduce(0, +) == Int64((clock.countedSeconds * 1e9).rounded()))
    }

    @Test("the user's command, audit checks, their proof and teardown are timed apart and not counted")
    func timesApart() {
        let time = FineClock()
        var clock = PhaseClock(time, startingIn: .access)
        for phase in DrillPhase.allCases {
            clock.enter(phase)
            time.advance(1)
        }
        clock.stop()
        #expect(clock.countedSeconds == 7)
        let apart = clock.phases().filter { !$0.counted }.map(\.name)
        #expect(apart == ["before-checks command", "audit checks", "proof of the checks", "teardown"])
        #expect(clock.phases().allSatisfy { $0.shareSeconds == 1 })
    }

    @Test("counted phases are shown even when nothing happened in them, others only when they took place")
    func showsWhatCounts() {
        var clock = PhaseClock(FineClock(), startingIn: .access)
        clock.note(.start, "nothing to start")
        clock.stop()
        #expect(clock.phases().map(\.name) == DrillPhase.allCases.filter(\.isCounted).map(\.rawValue))
        #expect(clock.phases().first { $0.name == "start" }?.note == "nothing to start")
    }
}
