import Formats
import Platform

/// `salvor init`: makes a repository, and prints its recovery key once.
struct InitCommand: Command {
    let name = "init"
    let summary = "makes a repository"
    let explanation = [
        """
        The repository is encrypted from its first byte. It opens with the password, and with a recovery key that is \
        printed once, on a sheet to keep on paper away from this machine: whoever has it needs no password, and without \
        one of the two nobody can restore anything.
        """
    ]
    let operands: [OperandSpecification] = []
    let options = [Self.noRecoveryKey]
    let examples = [
        CommandExample("salvor init -r /backup/shop", "make a repository in a folder; the password is asked twice"),
        CommandExample(
            "salvor init -r /backup/shop --password-file /etc/salvor/password > recovery-sheet.txt",
            "without a question; print the sheet, then remove the file"),
    ]
    let failures: [FailureKind] = [.refused, .unreachable]
    let usesRepository = true
    let resultKeys = ["repository", "id", "recoveryKey"]

    static let noRecoveryKey = OptionSpecification(
        flag: "--no-recovery-key", help: "make no recovery key: a forgotten password then loses everything")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        throw Failure(.failed, "not here yet")
    }
}
