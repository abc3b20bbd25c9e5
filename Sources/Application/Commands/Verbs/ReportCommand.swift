import Formats
import Platform

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
        "--format", value: "FORMAT", choices: ["text", "json"],
        help: "text (when not given), or json: the evidence as it is stored")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        throw Failure(.failed, "not here yet")
    }
}
