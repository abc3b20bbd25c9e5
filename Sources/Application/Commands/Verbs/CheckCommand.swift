import Formats
import Platform

/// `salvor check`: whether a repository is whole.
struct CheckCommand: Command {
    let name = "check"
    let summary = "looks whether a repository is whole, and names each damage"
    let explanation = [
        """
        Every chunk of every snapshot must be in the index, and every pack of the index must be there in full length. \
        With --read-data everything is read, decrypted and compared with its checksum. Nothing is changed.
        """
    ]
    let operands: [OperandSpecification] = []
    let options = [Self.readData]
    let examples = [
        CommandExample("salvor check -r /backup/shop", "the structure: fast"),
        CommandExample("salvor check -r /backup/shop --read-data", "every byte"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshots", "packs", "chunks", "bytesRead", "damages", "notices", "durationSeconds"]

    static let readData = OptionSpecification(flag: "--read-data", help: "read and verify all data, too")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        throw Failure(.failed, "not here yet")
    }
}
