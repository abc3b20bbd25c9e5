import Drills
import Formats
import Platform
import Policies

/// What the command line and the policy ask of a drill; the command line counts first.
struct DrillRequest {
    static let staging = OptionSpecification(
        "--staging", value: "DIR", help: "stage under this directory; TMPDIR or /var/tmp when not given")
    static let stagingUser = OptionSpecification(
        "--staging-user", value: "USER", help: "as root: the user that runs the staged server")
    static let beforeChecks = OptionSpecification(
        "--before-checks", value: "COMMAND",
        help: "let the shell run COMMAND in staging before the checks")
    static let proveChecks = OptionSpecification(
        flag: "--prove-checks", help: "damage the staging copy when all is well, and see that each check sees it")
    static let keepOnFailure = OptionSpecification(
        flag: "--keep-on-failure", help: "leave staging as it is when the drill fails, to look into it")
    static let timeout = OptionSpecification(
        "--timeout", value: "DURATION", help: "end the drill when it takes longer, such as 90m")
    static let jobs = OptionSpecification(
        "--jobs", letter: "j", value: "N", help: "how many threads restore; the processors' number when not given")

    /// All of them.
    static let options = [staging, stagingUser, beforeChecks, proveChecks, keepOnFailure, timeout, jobs]

    private let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    /// What the drill gets to know.
    func drillOptions() throws -> DrillOptions {
        let arguments = context.arguments
        let output = context.output
        var options = DrillOptions(tool: VersionCommand.tool, identity: "password")
        if let policy = try context.policy() { try take(policy, into: &options) }
        if let directory = try stagingDirectory() { options.stagingDirectory = directory }
        if let user = try arguments.text(Self.stagingUser) { options.stagingUser = user }
        options.beforeChecks = try arguments.text(Self.beforeChecks)
        if arguments.isOn(Self.proveChecks) { options.provesChecks = true }
        if arguments.isOn(Self.keepOnFailure) { options.keepsFailedStaging = true }
        if let text = try arguments.text(Self.timeout) { options.timeoutSeconds = try Self.seconds(text) }
        if let jobs = try arguments.number(Self.jobs, in: 1...64) { options.threads = jobs }
        options.onPhase = { output.progress.show(text: "drill: \($0.rawValue)") }
        return options
    }

    /// Where drills stage, as the command line or else the policy says; nil when neither does.
    func stagingDirectory() throws -> [UInt8]? {
        if let directory = context.arguments.bytes(Self.staging) { return try context.absolute(directory) }
        guard let policy = try context.policy(), let directory = policy.drill.staging else { return nil }
        return try context.absolute(Array(directory.utf8), in: policy)
    }

    private func take(_ policy: Policy, into options: inout DrillOptions) throws {
        let drill = policy.drill
        options.policy = policy
        options.stagingUser = drill.stagingUser
        options.serverPrograms = drill.postgresBinaries
        options.provesChecks = drill.provesChecks
        options.keepsFailedStaging = drill.keepOnFailureSeconds != nil
        options.keepSeconds = drill.keepOnFailureSeconds
        options.timeoutSeconds = drill.timeoutSeconds
        if let jobs = drill.jobs { options.threads = jobs }
    }

    private static func seconds(_ text: String) throws(Failure) -> Double {
        guard let seconds = Quantity.seconds(written: text), seconds > 0 else {
            throw Failure(.usage, "`\(text)` is no duration", hint: "write it with its unit: 90s, 45m, 1h30m")
        }
        return seconds
    }
}
