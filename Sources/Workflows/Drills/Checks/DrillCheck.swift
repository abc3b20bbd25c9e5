import Platform
import Reports

/// A question to what came back, answered by comparing it with what the source itself said at capture.
package protocol DrillCheck: Sendable {
    /// The check's name in reports: `postgres.rowCounts`.
    static var identifier: String { get }
    /// The adapter whose sources it is asked of.
    static var adapter: String { get }
    /// Whether a real recovery would wait for the answer: it counts in the measured time and decides the verdict. A
    /// policy may say otherwise.
    static var isGating: Bool { get }
    /// Where the expected value comes from, in words.
    static var origin: String { get }
    /// The damages that it claims to see; each is done to the staging copy when the checks are proved.
    static var claims: Set<StagedDamage> { get }
    /// Looks, and answers; every object that differs is named. Throws when it cannot look at all.
    static func run(_ subject: CheckSubject, cancellation: any Cancellation) throws -> CheckAnswer
}

extension DrillCheck {
    package static var origin: String { "the source's manifest" }
}
