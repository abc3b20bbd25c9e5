import Platform
import Policies
import Reports

/// What a person may say about a drill.
package struct DrillOptions: Sendable {
    /// Where the staging area is made.
    package var stagingDirectory: [UInt8]
    /// As root: the user that servers run as; nil for `postgres`, or `nobody` where that does not exist.
    package var stagingUser: String?
    /// A line for `/bin/sh`, run on what came back before the checks.
    package var beforeChecks: String?
    /// The directory of the server's programs, in which `{major}` stands for the major version; nil to look for them.
    package var serverPrograms: String?
    /// Whether staging stays when the drill does not end with the verdict `recovered`.
    package var keepsFailedStaging = false
    /// How long staging stays then; nil until the next drill sweeps it. Seconds.
    package var keepSeconds: Double?
    /// How many threads restore.
    package var threads: Int
    /// The policy that is followed: its sources, programs and checks, its objectives and timeouts; nil without one.
    package var policy: Policy?
    /// The longest time that the drill may take, teardown apart; nil for no limit. Seconds.
    package var timeoutSeconds: Double?
    /// Whether the newest snapshot is asked for: then one that is older than the objective allows is not drilled.
    package var wantsNewest = true
    /// Whether the checks are proved, by damaging the staging copy when they have passed.
    package var provesChecks = false
    /// The program and its version, for records.
    package var tool: String
    /// What the repository was opened with, in words: `password`, `recovery key`.
    package var identity: String
    /// Told whenever a phase begins, for progress.
    package var onPhase: @Sendable (DrillPhase) -> Void = { _ in }

    /// Makes options; everything else has its default.
    package init(
        stagingDirectory: [UInt8] = StagingArea.defaultDirectory, threads: Int = Host.processors, tool: String,
        identity: String
    ) {
        self.stagingDirectory = stagingDirectory
        self.threads = threads
        self.tool = tool
        self.identity = identity
    }

    /// What was promised.
    var objectives: ObjectivesPolicy { policy?.objectives ?? ObjectivesPolicy() }

    /// The longest time that a phase may take, by the policy; nil for no limit.
    func timeout(of phase: DrillPhase) -> Double? {
        let key: DrillPolicy.PhaseKey? =
            switch phase {
            case .access: .access
            case .provision: .provision
            case .locate: .locate
            case .load: .load
            case .engineRecovery: .engineRecovery
            case .start: .start
            case .prove: .prove
            case .audit: .audit
            case .command, .proofOfChecks, .teardown: nil
            }
        return key.flatMap { policy?.drill.phaseTimeouts[$0] }
    }
}
