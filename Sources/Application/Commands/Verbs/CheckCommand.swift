import DataSources
import Formats
import Platform
import Repositories
import Storage
import Upkeep

/// `salvor check`: whether a repository is whole.
struct CheckCommand: Command {
    let name = "check"
    let summary = "looks whether a repository is whole, and names each damage"
    let explanation = [
        """
        Every chunk of every snapshot must be in the index, and every pack of the index must be there in \
        full length. With --read-data everything is read, decrypted and compared with its checksums, the \
        chunks and the files that they make up. Nothing is changed.
        """,
        """
        --read-data-subset reads one part of N: packs and files fall into parts by their own hashes, so that \
        the runs for 1 to N read everything, whatever is added between them. In a crontab, which wants \\% \
        for %, another part every day is --read-data-subset $(date +\\%-d)/31
        """,
        """
        Of a file of several chunks older versions that are mostly the same as a newer one are not read as a \
        whole: only their chunks are.
        """,
    ]
    let operands: [OperandSpecification] = []
    let options = [Self.readData, Self.readPart, PingOption.url]
    let examples = [
        CommandExample("salvor check -r /backup/shop", "the structure: fast"),
        CommandExample("salvor check -r /backup/shop --read-data", "every byte"),
        CommandExample("salvor check -r /backup/shop --read-data-subset 3/30", "the third of thirty parts"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = [
        "snapshots", "entries", "chunks", "packs", "part", "bytesRead", "filesCompared", "filesNotCompared", "damages",
        "damaged", "notices", "durationSeconds",
    ]

    static let readData = OptionSpecification(flag: "--read-data", help: "read and verify all data, too")

    static let readPart = OptionSpecification(
        "--read-data-subset", value: "PART/N", help: "read and verify one of N parts of the data: 3/30")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let output = context.output
        let part = try part(context.arguments)
        let repository = try context.openRepository()
        // What is damaged is the result here, and told as such.
        repository.notices.listen { _ in }
        let counters = WorkCounters()
        let run = CheckRun(
            repository, readsData: part != nil, part: part ?? .whole, clock: context.clock,
            cancellation: context.cancellation, counters: counters)
        let outcome = try ProgressWatch.run(output, "checking", items: "packs", counters) { try run.run() }
        output.findings(outcome.damages.map { Finding(.missing, $0.object, $0.sentence) })
        output.findings(outcome.notices.map { Finding(.notice, $0.object, $0.sentence) })
        let damages = outcome.damages.count + outcome.moreDamages
        let looked = [
            Quantity.count(outcome.snapshots, "snapshot"), Quantity.count(outcome.entries, "entry", "entries"),
            Quantity.count(outcome.chunks, "chunk"), Quantity.count(outcome.packs, "pack"),
        ].joined(separator: ", ")
        try output.summary("\(looked) in \(Quantity.duration(seconds: outcome.seconds))")
        if let part { try tellData(outcome, part, output) }
        if damages == 0 { try output.summary("the repository is whole") }
        return CommandOutcome(
            reasons: reasons(damages, outcome.isCounted, repository.store.location),
            result: result(outcome, damages, part))
    }

    private func part(_ arguments: ParsedArguments) throws(Failure) -> DataPart? {
        guard let text = try arguments.text(Self.readPart) else {
            return arguments.isOn(Self.readData) ? .whole : nil
        }
        guard !arguments.isOn(Self.readData) else {
            throw Failure(.usage, "\(Self.readData.name) reads all parts: give it or \(Self.readPart.name)")
        }
        guard let part = DataPart(text) else {
            throw Failure(
                .usage, "`\(text)` is no part of the data",
                hint: "write PART/N, where PART is 1 to N and N at most \(Quantity.count(DataPart.countAtMost)): 3/30")
        }
        return part
    }

    private func tellData(_ outcome: CheckOutcome, _ part: DataPart, _ output: Output) throws {
        let which = part == .whole ? "" : " (part \(part.number) of \(part.count))"
        try output.summary("\(Quantity.bytes(outcome.bytesRead)) read and verified\(which)")
        guard outcome.filesCompared + outcome.filesNotCompared > 0 else { return }
        let left = Quantity.count(outcome.filesNotCompared, "file")
        let why = "; \(left) that newer ones mostly hold, or that repeat little very often, were not"
        try output.summary(
            "\(Quantity.count(outcome.filesCompared, "file")) of several chunks compared with their SHA-256"
                + (outcome.filesNotCompared == 0 ? "" : why))
    }

    private func reasons(_ damages: Int, _ isCounted: Bool, _ location: String) -> [Failure] {
        let count = (isCounted ? "" : "at least ") + Quantity.count(damages, "damage")
        return damages == 0 ? [] : [Failure(.damaged, "the repository in \(location) is damaged: \(count)")]
    }

    private func result(_ outcome: CheckOutcome, _ damages: Int, _ part: DataPart?) -> [JSONValue.Member] {
        [
            .init("snapshots", JSONValue(outcome.snapshots)),
            .init("entries", JSONValue(outcome.entries)),
            .init("chunks", JSONValue(outcome.chunks)),
            .init("packs", JSONValue(outcome.packs)),
            .init("part", part.map { .string("\($0.number)/\($0.count)") } ?? .null),
            .init("bytesRead", JSONValue(outcome.bytesRead)),
            .init("filesCompared", JSONValue(outcome.filesCompared)),
            .init("filesNotCompared", JSONValue(outcome.filesNotCompared)),
            .init("damages", JSONValue(damages)),
            .init("damaged", .array(outcome.damages.map(json))),
            .init("notices", .array(outcome.notices.map(json))),
            .init("durationSeconds", JSONValue(outcome.seconds)),
        ]
    }

    private func json(_ damage: CheckOutcome.Damage) -> JSONValue {
        ["object": .string(damage.object), "sentence": .string(damage.sentence)]
    }
}
