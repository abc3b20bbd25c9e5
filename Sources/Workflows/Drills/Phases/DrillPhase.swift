/// A stretch of a drill, in the order in which a report shows them.
package enum DrillPhase: String, CaseIterable, Sendable {
    /// The repository is opened, the key unlocked.
    case access
    /// The staging area is made; a server is set up in it and started empty.
    case provision
    /// The snapshot is chosen, what it holds is read.
    case locate
    /// Content is fetched, opened, verified, and written to staging.
    case load = "fetch and load"
    /// The engines bring what was loaded into order.
    case engineRecovery = "engine recovery"
    /// The engines start on what was loaded and answer, then the policy's programs.
    case start
    /// The checks that a real recovery would wait for.
    case prove
    /// The user's command that runs before the checks.
    case command = "before-checks command"
    /// The checks that a real recovery would not wait for.
    case audit = "audit checks"
    /// The staging copy is damaged, to see that the checks see it.
    case proofOfChecks = "proof of the checks"
    /// Staging is removed.
    case teardown

    /// Whether a real recovery would spend this time too, so that it counts in the measured recovery time.
    package var isCounted: Bool {
        switch self {
        case .access, .provision, .locate, .load, .engineRecovery, .start, .prove: true
        case .command, .audit, .proofOfChecks, .teardown: false
        }
    }
}
