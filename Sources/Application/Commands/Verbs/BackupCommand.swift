import Formats
import Platform

/// `salvor backup`: saves sources together, as one snapshot.
struct BackupCommand: Command {
    let name = "backup"
    let summary = "saves sources together, as one snapshot"
    let explanation = [
        """
        A source is a path, or a PostgreSQL database: postgres://HOST/DATABASE, or postgres: and libpq keywords \
        (postgres:service=shop). Several databases of a server: postgres://HOST/?databases=a,b, or databases=* for all. \
        Its password belongs into ~/.pgpass or the file that PGPASSFILE names.
        """,
        """
        In the snapshot each source has a name: the last component of the path, the name of the database, or the NAME of \
        NAME=LOCATION. What cannot be read is named and left out; the rest is saved, and the exit code is 3.
        """,
    ]
    let operands = [OperandSpecification("SOURCE", repeats: true, help: "what to save: [NAME=]LOCATION")]
    let options = [Self.system, Self.host, Self.tag, Self.dryRun]
    let examples = [
        CommandExample(
            "salvor backup -r /backup/shop /srv/shop/uploads db=postgres:service=shop",
            "files and a database, together in one snapshot"),
        CommandExample(
            "17 2 * * * root salvor backup -q -r /backup/shop --password-file /etc/salvor/password /srv/shop",
            "a line of a crontab: silent when all is well"),
    ]
    let failures: [FailureKind] = [.incomplete, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshot", "system", "host", "dataTime", "sources", "durationSeconds", "dryRun"]

    static let system = OptionSpecification(
        "--system", value: "NAME", help: "the system that the sources belong to; the host's name when not given")
    static let host = OptionSpecification(
        "--host", value: "NAME", help: "the host's name in the snapshot; this machine's when not given")
    static let tag = OptionSpecification("--tag", value: "TAG", repeats: true, help: "a tag for the snapshot")
    static let dryRun = OptionSpecification(
        flag: "--dry-run", help: "read and compare everything, store nothing, and tell what would be stored")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        _ = try SourceAddress.parse(context.arguments.operands, workingDirectory: context.workingDirectory)
        throw Failure(.failed, "not here yet")
    }
}
