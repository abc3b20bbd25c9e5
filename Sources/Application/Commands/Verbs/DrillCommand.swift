import Formats
import Platform

/// `salvor drill`: proves that a snapshot comes back.
struct DrillCommand: Command {
    let name = "drill"
    let summary = "recovers a snapshot in staging, proves it, and reports how long that took"
    let explanation = [
        """
        As on the worst day: from nothing but the repository and a key, files are restored and a throw-away database \
        server is set up and loaded. Then what came back is compared with what the sources said when they were saved. \
        Production is never touched, and staging is removed afterwards. The report is kept in the repository, as \
        evidence.
        """,
        """
        The COMMAND of --before-checks is a line for the shell. It finds the staged files in SALVOR_DRILL_FILES and \
        the staged database in SALVOR_DRILL_DATABASE_URL.
        """,
    ]
    let operands = [
        OperandSpecification(
            "SNAPSHOT", required: false, help: "latest (when not given), latest~N, or digits of its id")
    ]
    let options =
        [Self.staging, Self.stagingUser, Self.beforeChecks, Self.keepOnFailure, Self.jobs] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor drill -r /backup/shop", "drill the newest snapshot"),
        CommandExample("salvor drill -r /backup/shop --json > drill.json", "in CI: the exit code is the verdict"),
    ]
    let failures: [FailureKind] = [
        .notRecovered, .objectiveMissed, .unverifiable, .leftBehind, .noRepository, .wrongKey, .damaged, .unreachable,
    ]
    let usesRepository = true
    let resultKeys = ["report"]

    static let staging = OptionSpecification(
        "--staging", value: "DIR", help: "stage under this directory; TMPDIR or /var/tmp when not given")
    static let stagingUser = OptionSpecification(
        "--staging-user", value: "USER", help: "as root: the user that runs the staged server")
    static let beforeChecks = OptionSpecification(
        "--before-checks", value: "COMMAND",
        help: "let the shell run COMMAND in staging before the checks")
    static let keepOnFailure = OptionSpecification(
        flag: "--keep-on-failure", help: "leave staging as it is when the drill fails, to look into it")
    static let jobs = OptionSpecification(
        "--jobs", letter: "j", value: "N", help: "how many threads restore; the processors' number when not given")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        throw Failure(.failed, "not here yet")
    }
}
