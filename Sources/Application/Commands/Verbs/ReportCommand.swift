import Formats
import Platform
import Reports

/// `salvor report`: shows the evidence of a drill again.
struct ReportCommand: Command {
    let name = "report"
    let summary = "shows the report of a drill again, from the evidence in the repository"
    let explanation: [String] = []
    let operands = [
        OperandSpecification("DRILL", required: false, help: "latest (when not given), latest~N, or digits of its id")
    ]
    let options = [Self.format, SnapshotOptions.system]
    let examples = [
        CommandExample("salvor report -r /backup/shop", "the last drill"),
        CommandExample("salvor report -r /backup/shop 3fa9 --format json", "one drill, for a script"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["report"]

    static let format = OptionSpecification(
        "--format", value: "FORMAT", choices: FormatCatalog.all.map { $0.name },
        help: "text (when not given), or json: the evidence as it is stored")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let word = context.arguments.operands.first ?? Array("latest".utf8)
        let address = try SnapshotAddress.parse(String(decoding: word, as: UTF8.self))
        let filter = SnapshotFilter(system: try context.arguments.text(SnapshotOptions.system))
        let format = try context.arguments.text(Self.format)
        guard !context.output.isJSON || format == nil else {
            throw Failure(
                .usage, "--json and --format exclude each other",
                hint: "--json gives the evidence in the result, --format json the evidence alone")
        }
        let repository = try context.openRepository()
        let list = try SnapshotList(repository, context.output)
        let stored = try StoredReports(list.evidence, in: repository)
        let evidence = try stored.report(address, filter: filter)
        if format == JSONReport.name {
            try context.output.line(JSONWriter.string(evidence))
        } else {
            let chosen = format.flatMap { FormatCatalog.format(named: $0) } ?? TextReport.self
            try context.output.line(String(chosen.render(try ReportCoding.report(from: evidence)).dropLast()))
        }
        return CommandOutcome(reasons: list.damages, result: [.init("report", evidence)])
    }
}
