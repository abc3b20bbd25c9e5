import Formats
import Platform

/// `salvor snapshots`: what a repository holds.
struct SnapshotsCommand: Command {
    let name = "snapshots"
    let summary = "lists the snapshots of a repository, oldest first"
    let explanation = [
        "The time is that of the data, in UTC. The size is that of the data, not what it takes to store."
    ]
    let operands: [OperandSpecification] = []
    let options = SnapshotOptions.all
    let examples = [
        CommandExample("salvor snapshots -r /backup/shop", "all of them"),
        CommandExample("salvor snapshots -r /backup/shop --tag nightly --json", "some of them, for a script"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshots"]

    func run(_ context: CommandContext) throws -> CommandOutcome {
        throw Failure(.failed, "not here yet")
    }
}
