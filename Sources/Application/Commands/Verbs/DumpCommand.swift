import Formats
import Platform

/// `salvor dump`: the bytes of one file of a snapshot.
struct DumpCommand: Command {
    let name = "dump"
    let summary = "writes the bytes of one file of a snapshot"
    let explanation = [
        "They are verified while they are written. A damaged file ends with exit code 13, in the middle."
    ]
    let operands = [OperandSpecification("ITEM", help: "SNAPSHOT:NAME/PATH")]
    let options = [Self.to] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor dump -r /backup/shop latest:etc/fstab", "show a file"),
        CommandExample(
            "salvor dump -r /backup/shop latest:db/shop/schema.dump --output schema.dump", "into a new file"),
    ]
    let failures: [FailureKind] = [.refused, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshot", "bytes", "sha256"]

    static let to = OptionSpecification(
        "--output", letter: "o", value: "FILE", help: "write to this new file instead of standard output")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        _ = try ItemAddress.parse(context.arguments.operands[0])
        throw Failure(.failed, "not here yet")
    }
}
