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
        full length. With --read-data everything is read, decrypted and compared with its checksum. Nothing \
        is changed.
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
    let resultKeys = [
        "snapshots", "entries", "chunks", "packs", "bytesRead", "damages", "damaged", "notices", "durationSeconds",
    ]

    static let readData = OptionSpecification(flag: "--read-data", help: "read and verify all data, too")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let output = context.output
        let repository = try context.openRepository()
        let counters = WorkCounters()
        let run = CheckRun(
            repository, readsData: context.arguments.isOn(Self.readData), clock: context.clock,
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
        if context.arguments.isOn(Self.readData) {
            try output.summary("\(Quantity.bytes(outcome.bytesRead)) read and verified")
        }
        if damages == 0 { try output.summary("the repository is whole") }
        return CommandOutcome(reasons: reasons(damages, repository.store.location), result: result(outcome, damages))
    }

    private func reasons(_ damages: Int, _ location: String) -> [Failure] {
        damages == 0
            ? []
            : [Failure(.damaged, "the repository in \(location) is damaged: \(Quantity.count(damages, "damage"))")]
    }

    private func result(_ outcome: CheckOutcome, _ damages: Int) -> [JSONValue.Member] {
        [
            .init("snapshots", JSONValue(outcome.snapshots)),
            .init("entries", JSONValue(outcome.entries)),
            .init("chunks", JSONValue(outcome.chunks)),
            .init("packs", JSONValue(outcome.packs)),
            .init("bytesRead", JSONValue(outcome.bytesRead)),
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
