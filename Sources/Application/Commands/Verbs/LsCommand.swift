import Formats
import Platform

/// `salvor ls`: what lies in a snapshot.
struct LsCommand: Command {
    let name = "ls"
    let summary = "lists what lies in a snapshot"
    let explanation = [
        """
        Paths begin with the name of the source, and can be given to dump and restore behind SNAPSHOT: as they stand. \
        Bytes that are no text are shown as \\xHH.
        """
    ]
    let operands = [
        OperandSpecification("SNAPSHOT", help: "SNAPSHOT[:NAME[/PATH]]: latest, latest~N, or digits of its id")
    ]
    let options = [Self.long, Self.depth] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor ls -r /backup/shop latest", "everything"),
        CommandExample(
            "salvor ls -r /backup/shop -l latest:uploads/2026", "one directory, with modes, owners, sizes, times"),
        CommandExample("salvor ls -r /backup/shop --depth 1 latest~7", "the sources of the eighth newest snapshot"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshot", "entries", "bytes"]

    static let long = OptionSpecification(
        flag: "--long", letter: "l", help: "mode, links, owner, size and time, as ls -l")
    static let depth = OptionSpecification(
        "--depth", value: "N", help: "at most N levels below what is named; all when not given")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        _ = try ItemAddress.parse(context.arguments.operands[0])
        throw Failure(.failed, "not here yet")
    }
}
