import Formats
import Platform

/// `salvor key`: the passwords and recovery keys that open a repository.
struct KeyCommand: Command {
    let name = "key"
    let summary = "lists, adds, removes and changes the keys that open a repository"
    let explanation = [
        """
        A repository opens with any of its keys; each is a password or a recovery key. `list` shows them, `add` adds one, \
        `remove` takes one away (never the last), and `passwd` puts a new password in the place of the one that was used.
        """,
        "Data is not encrypted anew: who once had a key and a copy of the repository can still read that copy.",
    ]
    let operands = [
        OperandSpecification("ACTION", choices: ["list", "add", "remove", "passwd"], help: "what to do"),
        OperandSpecification("ID", required: false, help: "the key to remove: 4 or more digits of its identifier"),
    ]
    let options = [Self.recovery, Self.label, Self.newPasswordFile, Self.newPasswordCommand]
    let examples = [
        CommandExample("salvor key list -r /backup/shop", "show who can open it"),
        CommandExample("salvor key add -r /backup/shop --label anna", "a password for Anna; it is asked twice"),
        CommandExample("salvor key add -r /backup/shop --recovery", "a new recovery key, printed once"),
        CommandExample("salvor key remove -r /backup/shop 3fa9", "take a key away"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .refused, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["keys", "added", "removed", "recoveryKey"]

    static let recovery = OptionSpecification(
        flag: "--recovery", help: "with add: a recovery key, made here and printed once, instead of a password")
    static let label = OptionSpecification(
        "--label", value: "TEXT", help: "with add and passwd: whose key it is, or what for")
    static let newPasswordFile = OptionSpecification(
        "--new-password-file", value: "FILE", help: "with add and passwd: the new password is the first line of FILE")
    static let newPasswordCommand = OptionSpecification(
        "--new-password-command", value: "COMMAND",
        help: "with add and passwd: the new password is the first line that COMMAND writes")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        throw Failure(.failed, "not here yet")
    }
}
