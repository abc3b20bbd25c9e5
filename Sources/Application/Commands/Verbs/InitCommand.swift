import Formats
import Platform
import Repositories
import Storage

/// `salvor init`: makes a repository, and prints its recovery key once.
struct InitCommand: Command {
    let name = "init"
    let summary = "makes a repository"
    let explanation = [
        """
        The repository is encrypted from its first byte. It opens with the password, and with a recovery key \
        that is printed once, on a sheet to keep on paper away from this machine: whoever has it needs no \
        password, and without one of the two nobody can restore anything.
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
        let location = try context.storeLocation()
        // Before anybody types a password for nothing, or a folder is made.
        if let store = try? StoreCatalog.open(location), try context.holdsRepository(store) {
            throw Failure(
                .refused, "there is a repository in \(store.location) already",
                hint: "use it, or name another place with -r")
        }
        let password = try context.passwords.first(context.arguments)
        var credentials: [(credential: Credential, label: String)] = [(.password(password), "first password")]
        var recoveryKey: RecoveryKey?
        if !context.arguments.isOn(Self.noRecoveryKey) {
            let key = RecoveryKey(randomness: SystemRandomness())
            credentials.append((.recoveryKey(key), "recovery key"))
            recoveryKey = key
        }
        let repository = try Repository.create(
            in: try StoreCatalog.create(location), credentials: credentials, clock: context.clock,
            tool: VersionCommand.tool)
        let place = try RecoverySheet.place(location, context)
        if let recoveryKey {
            try context.output.line(
                RecoverySheet.text(
                    key: recoveryKey.text, location: place, identifier: repository.identifier, made: context.clock.now()
                ))
            context.output.note("the repository is ready; keep the sheet above")
        } else {
            try context.output.summary("made the repository \(repository.identifier) in \(place)")
        }
        return CommandOutcome(result: [
            .init("repository", .string(place)),
            .init("id", .string(repository.identifier)),
            .init("recoveryKey", JSONValue(recoveryKey?.text)),
        ])
    }
}
