import Formats
import Platform
import Repositories
import Storage

/// `salvor key`: the passwords and recovery keys that open a repository.
struct KeyCommand: Command {
    let name = "key"
    let summary = "lists, adds, removes and changes the keys that open a repository"
    let explanation = [
        """
        A repository opens with any of its keys; each is a password or a recovery key. `list` shows them, \
        `add` adds one, `remove` takes one away (never the last), and `passwd` puts a new password in the \
        place of the one that was used.
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
        let operands = context.arguments.operands
        let action = String(decoding: operands[0], as: UTF8.self)
        try check(action, operands, context.arguments)
        let (repository, credential) = try context.openRepositoryWithCredential()
        switch action {
        case "add": return try add(repository, context)
        case "remove": return try remove(operands[1], repository, credential, context)
        case "passwd": return try change(repository, credential, context)
        default: return try list(repository, credential, context)
        }
    }

    /// Refuses options and operands that the action would not look at.
    private func check(_ action: String, _ operands: [[UInt8]], _ arguments: ParsedArguments) throws(Failure) {
        guard (action == "remove") == (operands.count == 2) else {
            throw action == "remove"
                ? Failure(.usage, "`salvor key remove` needs the ID of the key", hint: "`salvor key list` shows them")
                : Failure(.usage, "`salvor key \(action)` does not take `\(printable(operands[1]))`")
        }
        let takesPassword = [Self.newPasswordFile, Self.newPasswordCommand]
        let useful: [String: [OptionSpecification]] = [
            "add": options, "passwd": takesPassword + [Self.label],
        ]
        for option in options where arguments.isOn(option) && !(useful[action] ?? []).contains(option) {
            throw Failure(.usage, "`salvor key \(action)` has no use for \(option.name)")
        }
        if arguments.isOn(Self.recovery), let other = takesPassword.first(where: arguments.isOn) {
            throw Failure(.usage, "\(Self.recovery.name) and \(other.name) exclude each other")
        }
    }

    private func list(
        _ repository: Repository, _ credential: Credential, _ context: CommandContext
    ) throws -> CommandOutcome {
        let slots = try repository.slots(openedWith: credential)
        var table = TextTable([("id", .left), ("kind", .left), ("made", .left), ("label", .left)])
        for slot in slots {
            let kind = slot.wantsRecoveryKey ? "recovery key" : "password"
            // Only what opens a slot can tell its label.
            table.add([short(slot.name), kind, slot.created ?? "-", slot.label.map { "\($0) (used now)" } ?? "-"])
        }
        for line in table.lines { try context.output.line(line) }
        return CommandOutcome(result: [.init("keys", .array(slots.map(json)))])
    }

    private func add(_ repository: Repository, _ context: CommandContext) throws -> CommandOutcome {
        let label = try context.arguments.text(Self.label)
        guard context.arguments.isOn(Self.recovery) else {
            let name = try repository.addSlot(
                .password(try newPassword(context)), label: label ?? "password", created: context.clock.now())
            try context.output.summary("added the key \(short(name))")
            return CommandOutcome(result: [.init("added", .string(name.last))])
        }
        let key = RecoveryKey(randomness: SystemRandomness())
        let name = try repository.addSlot(
            .recoveryKey(key), label: label ?? "recovery key", created: context.clock.now())
        let place = try RecoverySheet.place(try context.storeLocation(), context)
        try context.output.line(
            RecoverySheet.text(
                key: key.text, location: place, identifier: repository.identifier, made: context.clock.now()))
        return CommandOutcome(result: [.init("added", .string(name.last)), .init("recoveryKey", .string(key.text))])
    }

    private func remove(
        _ word: [UInt8], _ repository: Repository, _ credential: Credential, _ context: CommandContext
    ) throws -> CommandOutcome {
        let digits = String(decoding: word, as: UTF8.self).lowercased()
        guard digits.utf8.count >= 4 else {
            throw Failure(.usage, "`\(printable(word))` names no key: 4 or more digits are needed", hint: Self.listHint)
        }
        let found = try repository.slots(openedWith: nil).map(\.name).filter { $0.last.hasPrefix(digits) }
        guard let name = found.first else {
            throw Failure(.failed, "no key's identifier begins with \(printable(word))", hint: Self.listHint)
        }
        guard found.count == 1 else {
            let shown = found.map { $0.last.prefix(digits.utf8.count + 8) }.joined(separator: ", ")
            throw Failure(.usage, "\(digits) begins \(found.count) keys: \(shown)", hint: "give more digits")
        }
        try repository.removeSlot(name)
        try context.output.summary("removed the key \(short(name))")
        return CommandOutcome(result: [.init("removed", .string(name.last))])
    }

    /// The new way in is there before the old one goes, so that a crash between them locks nobody out.
    private func change(
        _ repository: Repository, _ credential: Credential, _ context: CommandContext
    ) throws -> CommandOutcome {
        let old = try repository.slots(openedWith: credential).first { $0.label != nil }
        let label = try context.arguments.text(Self.label) ?? (old?.wantsRecoveryKey == false ? old?.label : nil)
        let added = try repository.addSlot(
            .password(try newPassword(context)), label: label ?? "password", created: context.clock.now())
        guard let old, !old.wantsRecoveryKey else {
            try context.output.summary("added the key \(short(added)); the recovery key still opens the repository")
            context.output.note("a password that nobody knows any more goes away with `salvor key remove`")
            return CommandOutcome(result: [.init("added", .string(added.last))])
        }
        try repository.removeSlot(old.name)
        try context.output.summary("changed the password: the key \(short(old.name)) is now \(short(added))")
        return CommandOutcome(result: [.init("added", .string(added.last)), .init("removed", .string(old.name.last))])
    }

    private static let listHint = "`salvor key list` shows them"

    private func newPassword(_ context: CommandContext) throws -> SecretBytes {
        try context.passwords.new(
            file: context.arguments.bytes(Self.newPasswordFile),
            command: try context.arguments.text(Self.newPasswordCommand),
            options: [Self.newPasswordFile, Self.newPasswordCommand])
    }

    private func short(_ name: ObjectName) -> String { String(name.last.prefix(8)) }

    private func json(_ slot: KeySlot) -> JSONValue {
        [
            "id": .string(slot.name.last), "kind": .string(slot.wantsRecoveryKey ? "recoveryKey" : "password"),
            "created": JSONValue(slot.created), "label": JSONValue(slot.label), "current": .bool(slot.label != nil),
        ]
    }
}
