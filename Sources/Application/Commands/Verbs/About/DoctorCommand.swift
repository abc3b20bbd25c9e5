import Drills
import Formats
import Platform
import Policies
import Repositories
import Storage

/// `salvor doctor`: whether everything is in place that backups, restores and drills need.
struct DoctorCommand: Command {
    let name = "doctor"
    let summary = "looks whether everything works that backups, restores and drills need"
    let explanation = [
        """
        Libraries and programs with their versions; the store: whether it keeps what salvor relies on, tried \
        with objects of its own that are removed again; the key, the clocks, sessions that did not end, how old \
        the newest snapshot and the newest drill of each system are; room, and what killed drills left behind.
        """,
        """
        Each line is ok, a warning, or a problem, with what to do. Warnings do not fail; the exit code is that \
        of the problems. Without a repository, or when it cannot be opened, the rest is looked at all the same.
        With a policy, its repository, password and staging are looked at, as a drill would use them.
        """,
    ]
    let operands: [OperandSpecification] = []
    let options = [DrillRequest.staging, Self.sweep]
    let examples = [
        CommandExample("salvor doctor", "this machine alone, when SALVOR_REPOSITORY is not set"),
        CommandExample("salvor doctor -p shop.json5", "this machine, and all that the policy names"),
        CommandExample(
            "salvor doctor -r /backup/shop --password-file /etc/salvor/password -q", "warnings and problems only"),
    ]
    let failures: [FailureKind] = [.unverifiable, .leftBehind, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["repository", "ok", "warnings", "wrong"]

    static let sweep = OptionSpecification(flag: "--sweep", help: "remove what killed drills left in staging")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let output = context.output
        var diagnoses: [Diagnosis] = []
        func tell(_ found: [Diagnosis]) throws {
            for diagnosis in found {
                try output.record("diagnosis", diagnosis.json)
                diagnosis.weight == .ok ? try output.summary(diagnosis.text) : try output.line(diagnosis.text)
            }
            diagnoses += found
        }
        try tell(ToolsExamination(environment: context.environment).run())
        try context.cancellation.check()
        let isWrong = try isPolicyWrong(context, tell)
        let found = isWrong ? nil : try lookAtRepository(context, tell)
        // A policy that is wrong says nothing of where drills stage, or of its password.
        let staging =
            isWrong
            ? try context.arguments.bytes(DrillRequest.staging).map(context.absolute)
            : try DrillRequest(context).stagingDirectory()
        let passwordFile = isWrong ? nil : try passwordFile(context)
        try tell(
            PlacesExamination(
                staging: staging ?? StagingArea.defaultDirectory, passwordFile: passwordFile,
                sweeps: context.arguments.isOn(Self.sweep), largest: found?.largest
            ).run())
        return Self.outcome(diagnoses, found?.identifier)
    }

    /// Whether a policy is named that cannot be used. Its mistakes are told, and never thrown.
    private func isPolicyWrong(
        _ context: CommandContext, _ tell: ([Diagnosis]) throws -> Void
    ) throws -> Bool {
        var failures: [Failure] = []
        do {
            guard let policy = try context.policy() else { return false }
            try tell([.ok("policy", "\(printable(policy.path)) can be read, and says how \(policy.name) is proved")])
        } catch let mistakes as PolicyMistakes {
            failures = mistakes.failures
        } catch {
            let failure = Failure(error)
            guard failure.kind == .policy else { throw failure }
            failures = [failure]
        }
        try tell(failures.map { .problem("policy", $0) })
        return !failures.isEmpty
    }

    /// The file that the password is read from, as an option or else the policy says.
    private func passwordFile(_ context: CommandContext) throws -> [UInt8]? {
        if let file = try context.arguments.bytes(GlobalOptions.passwordFile).map(context.absolute) { return file }
        guard case .file(let file)? = try context.policyPassword() else { return nil }
        return file
    }

    /// The store, then what is in it; nil when it could not be opened. What is wrong is told, and never thrown: the
    /// rest wants to be looked at, too.
    private func lookAtRepository(
        _ context: CommandContext, _ tell: ([Diagnosis]) throws -> Void
    ) throws -> (identifier: String, largest: UInt64?)? {
        guard [GlobalOptions.repository, GlobalOptions.policy].contains(where: { context.arguments.bytes($0) != nil })
        else {
            let advice =
                "give \(GlobalOptions.repository.name) URL or \(GlobalOptions.policy.name) FILE, or set "
                + (GlobalOptions.repository.variable ?? "")
            try tell([.warning("store", "no repository was given, and none was looked at", advice)])
            return nil
        }
        do {
            let location = try context.storeLocation()
            let store = try StoreCatalog.open(location)
            guard try context.holdsRepository(store) else { throw context.noRepository(in: store) }
            let folder = location.scheme == "file" ? try context.absolute(location.path) : nil
            try tell(
                StoreExamination(store: store, folder: folder, clock: context.clock)
                    .run(cancellation: context.cancellation))
            let credential = try context.passwords.existing(context.arguments)
            let repository = try context.open(store, credential: credential)
            let list = try SnapshotList(repository, context.output)
            try tell(
                RecordsExamination(
                    repository: repository, credential: credential, list: list, now: context.clock.now()
                ).run())
            let newest = Dictionary(grouping: list.snapshots, by: \.system).values.compactMap(\.last)
            return (repository.identifier, newest.map(\.dataBytes).max())
        } catch {
            let failure = Failure(error)
            guard ![.interrupted, .terminated].contains(failure.kind) else { throw failure }
            try tell([.problem("repository", failure)])
            return nil
        }
    }

    private static func outcome(_ diagnoses: [Diagnosis], _ repository: String?) -> CommandOutcome {
        let problems = diagnoses.filter { $0.weight == .problem }
        let reasons = FailureKind.precedence.compactMap { kind -> Failure? in
            let mine = problems.filter { $0.kind == kind }
            guard !mine.isEmpty else { return nil }
            return Failure(kind, Quantity.count(mine.count, "problem") + " with: " + topics(mine))
        }
        func count(_ weight: Diagnosis.Weight) -> JSONValue {
            JSONValue(diagnoses.filter { $0.weight == weight }.count)
        }
        return CommandOutcome(
            reasons: reasons,
            result: [
                .init("repository", JSONValue(repository)), .init("ok", count(.ok)),
                .init("warnings", count(.warning)), .init("wrong", count(.problem)),
            ])
    }

    /// What the problems are with, each once, in order.
    private static func topics(_ problems: [Diagnosis]) -> String {
        var seen: Set<String> = []
        return problems.map(\.topic).filter { seen.insert($0).inserted }.joined(separator: ", ")
    }
}
