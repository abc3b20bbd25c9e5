import Formats
import Platform
import Reports
import Repositories

/// `salvor report`: shows the evidence of a drill again.
struct ReportCommand: Command {
    let name = "report"
    let summary = "shows the report of a drill again, from the evidence in the repository"
    let explanation = [
        "Formats: \(Self.formats.map { "\($0.name), \($0.purpose)" }.joined(separator: "; ")).",
        "A file is replaced in one step: whoever reads it finds the old report or the new one, and never a part.",
    ]
    let operands = [
        OperandSpecification("DRILL", required: false, help: "latest (when not given), latest~N, or digits of its id")
    ]
    let options = [Self.format, Self.output, Self.list, SnapshotOptions.system]
    let examples = [
        CommandExample("salvor report -r /backup/shop", "the last drill"),
        CommandExample("salvor report -r /backup/shop 3fa9 --format json", "one drill, for a script"),
        CommandExample("salvor report -r /backup/shop --list", "all drills on record"),
        CommandExample("salvor report -r /backup/shop --format html -o shop.html", "one page, to look at or to print"),
    ]
    let failures: [FailureKind] = [.refused, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["report", "drills"]

    private static let formats: [(name: String, purpose: String)] =
        FormatCatalog.all.map { ($0.name, $0.purpose) } + FormatCatalog.ofRepositories.map { ($0.name, $0.purpose) }

    static let format = OptionSpecification(
        "--format", value: "FORMAT", choices: Self.formats.map(\.name),
        help: Self.formats.map(\.name).joined(separator: ", ") + "; text when not given")
    static let output = OptionSpecification(
        "--output", letter: "o", value: "FILE", help: "write it into FILE, not to standard output")
    static let list = OptionSpecification(flag: "--list", help: "list the drills on record, oldest first")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let arguments = context.arguments
        let address = try arguments.operands.first.map { word throws(Failure) in
            try SnapshotAddress.parse(String(decoding: word, as: UTF8.self))
        }
        let format = try arguments.text(Self.format)
        let isForRepository = format.flatMap { FormatCatalog.repositoryFormat(named: $0) } != nil
        try refuse(arguments, format, isJSON: context.output.isJSON, isForRepository: isForRepository)
        let filter = SnapshotFilter(system: try arguments.text(SnapshotOptions.system))
        let repository = try context.openRepository()
        let list = try SnapshotList(repository, context.output)
        let stored = try StoredReports(list, in: repository, context.output)
        let reasons = list.damages + stored.damages
        if arguments.isOn(Self.list) {
            let shown = stored.reports(filter)
            try DrillListing(reports: shown).write(to: context.output)
            if shown.isEmpty { context.output.note("no drills\(filter.isEmpty ? "" : " " + filter.words)") }
            return CommandOutcome(reasons: reasons, result: [.init("drills", JSONValue(shown.count))])
        }
        if let format = format.flatMap({ FormatCatalog.repositoryFormat(named: $0) }) {
            let book = stored.repositoryBook(
                version: VersionCommand.number, filter: filter, now: context.clock.now())
            try give(format.render(book), context)
            return CommandOutcome(reasons: reasons)
        }
        let evidence = try stored.report(address ?? .latest(back: 0), filter: filter)
        try give(try text(of: evidence, in: stored, format: format, now: context.clock.now()), context)
        return CommandOutcome(reasons: reasons, result: [.init("report", evidence.value)])
    }

    /// Throws when the arguments contradict each other.
    private func refuse(
        _ arguments: ParsedArguments, _ format: String?, isJSON: Bool, isForRepository: Bool
    ) throws(Failure) {
        guard !isJSON || format == nil || arguments.bytes(Self.output) != nil else {
            throw Failure(
                .usage, "--json and --format exclude each other without --output",
                hint: "--json gives the evidence in the result, --format json the evidence alone")
        }
        let listHasMore =
            arguments.isOn(Self.list)
            && (format != nil || arguments.bytes(Self.output) != nil || !arguments.operands.isEmpty)
        guard !listHasMore else {
            throw Failure(.usage, "--list shows all drills: it goes with no DRILL, no --format and no --output")
        }
        guard !isForRepository || arguments.operands.isEmpty else {
            throw Failure(
                .usage, "\(format ?? "") tells of a whole repository, and not of one drill",
                hint: "leave the DRILL away; --system chooses among the systems")
        }
    }

    private func text(
        of evidence: StoredReport, in stored: StoredReports, format: String?, now: Instant
    ) throws(Failure) -> String {
        // As it is stored: also what this version does not know.
        if format == JSONReport.name { return JSONWriter.string(evidence.value) + "\n" }
        let chosen = format.flatMap { FormatCatalog.format(named: $0) } ?? TextReport.self
        return chosen.render(try stored.book(of: evidence, now: now))
    }

    private func give(_ text: String, _ context: CommandContext) throws(Failure) {
        guard let file = context.arguments.bytes(Self.output) else {
            return try context.output.line(String(text.dropLast()))
        }
        try ReportFile.write(text, to: try context.absolute(file))
    }
}
