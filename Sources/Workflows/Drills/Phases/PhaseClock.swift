import Platform
import Reports

/// Gives every instant of a drill to exactly one phase, so that the phases' shares add up to the whole.
///
/// Time is kept in whole nanoseconds: sums are exact, whatever the order in which phases alternate.
package struct PhaseClock: Sendable {
    private let clock: any Clock
    private var nanoseconds: [DrillPhase: Int64] = [:]
    private var notes: [DrillPhase: String] = [:]
    private var mark: Int64
    /// The phase that the present instant belongs to; nil after `stop`.
    package private(set) var current: DrillPhase?

    /// Starts the clock in `phase`.
    package init(_ clock: any Clock, startingIn phase: DrillPhase) {
        self.clock = clock
        mark = Self.reading(clock)
        current = phase
    }

    /// Ends the current phase and begins, or goes on with, another one.
    package mutating func enter(_ phase: DrillPhase) {
        settle()
        current = phase
    }

    /// Ends the current phase; nothing is measured until the next `enter`.
    package mutating func stop() {
        settle()
        current = nil
    }

    /// Sets the remark that a report shows beside a phase.
    package mutating func note(_ phase: DrillPhase, _ text: String) { notes[phase] = text }

    /// The time that belongs to one phase so far, without the running stretch.
    package func seconds(of phase: DrillPhase) -> Double { Double(nanoseconds[phase] ?? 0) / 1e9 }

    /// The sum of the counted phases' shares so far, without the running stretch.
    package var countedSeconds: Double {
        let total = DrillPhase.allCases.filter(\.isCounted).reduce(Int64(0)) { $0 + (nanoseconds[$1] ?? 0) }
        return Double(total) / 1e9
    }

    /// The phases as a report shows them: every counted one, the others where they took place.
    package func phases() -> [Report.Phase] {
        DrillPhase.allCases.filter { $0.isCounted || nanoseconds[$0] != nil }.map {
            Report.Phase($0.rawValue, shareSeconds: seconds(of: $0), counted: $0.isCounted, note: notes[$0] ?? "")
        }
    }

    private mutating func settle() {
        let now = Self.reading(clock)
        if let current { nanoseconds[current, default: 0] += now - mark }
        mark = now
    }

    private static func reading(_ clock: any Clock) -> Int64 { Int64((clock.monotonicSeconds() * 1e9).rounded()) }
}
