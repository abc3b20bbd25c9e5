/// What a drill found out, in the one word that people read first.
package enum DrillVerdict: String, Sendable, CaseIterable {
    /// Everything came back and every required check passed.
    case recovered
    /// It came back, but something required is wrong.
    case degraded
    /// It did not come back.
    case unrecoverable
    /// It could not be tried, or not to the end: not a pass.
    case unverifiable
    /// The newest snapshot is older than was promised, and was not drilled for that.
    case stale
}
