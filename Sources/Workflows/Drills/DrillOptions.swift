import Platform

/// What a person may say about a drill.
package struct DrillOptions: Sendable {
    /// Where the staging area is made.
    package var stagingDirectory: [UInt8]
    /// As root: the user that servers run as; nil for `postgres`, or `nobody` where that does not exist.
    package var stagingUser: String?
    /// A line for `/bin/sh`, run on what came back before the checks.
    package var beforeChecks: String?
    /// The directory of the server's programs; nil to look for them.
    package var serverPrograms: String?
    /// Whether staging stays when the drill does not end with the verdict `recovered`, until the next drill sweeps it.
    package var keepsFailedStaging = false
    /// How many threads restore.
    package var threads: Int
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
}
