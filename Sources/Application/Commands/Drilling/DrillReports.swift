import Formats
import Platform
import Reports
import Repositories

/// The files that a drill's report is written to: one for each `--report FORMAT=FILE`.
struct DrillReports {
    static let report = OptionSpecification(
        "--report", value: "FORMAT=FILE", repeats: true,
        help: "write the report to FILE: \(formats.joined(separator: ", "))")

    private static let formats = FormatCatalog.all.map { $0.name } + FormatCatalog.ofRepositories.map { $0.name }

    private let wanted: [(format: String, path: [UInt8])]
    private let context: CommandContext

    /// Reads the options; nothing is written yet. Every throw is a usage failure.
    init(_ context: CommandContext) throws {
        self.context = context
        wanted = try context.arguments.values(Self.report).map { word in
            guard let equals = word.firstIndex(of: UInt8(ascii: "=")), equals + 1 < word.count else {
                throw Failure(
                    .usage, "\(Self.report.name) `\(printable(word))` names no file", hint: "write html=drill.html")
            }
            let format = String(decoding: word[..<equals], as: UTF8.self)
            guard Self.formats.contains(format) else {
                let meant = Suggestion.nearest(to: format, among: Self.formats)
                throw Failure(
                    .usage, "there is no format `\(printable(Array(format.utf8)))`",
                    hint: meant.map { "did you mean \($0)?" } ?? "there are \(Self.formats.joined(separator: ", "))")
            }
            return (format, try context.absolute(Array(word[(equals + 1)...])))
        }
    }

    /// Writes all of them, with what the repository remembers of earlier drills; answers what could not be written.
    func write(_ report: Report, _ repository: Repository?) -> [Failure] {
        guard !wanted.isEmpty else { return [] }
        let quiet = Output(console: context.console, clock: context.clock, isJSON: false, isQuiet: true)
        // What is damaged among older evidence was told by the drill, and must not keep this report from anybody.
        let stored = repository.flatMap { repository in
            try? StoredReports(SnapshotList(repository, quiet), in: repository, quiet)
        }
        var failures: [Failure] = []
        for (format, path) in wanted {
            do {
                try write(report, format, path, stored)
            } catch {
                failures.append(Failure(error).within("the report \(printable(path)) could not be written"))
            }
        }
        return failures
    }

    private func write(
        _ report: Report, _ name: String, _ path: [UInt8], _ stored: StoredReports?
    ) throws {
        if let format = FormatCatalog.format(named: name) {
            let book = try stored?.book(of: report, now: context.clock.now()) ?? ReportBook(report)
            return try ReportFile.write(book, format: format, to: path)
        }
        guard let format = FormatCatalog.repositoryFormat(named: name) else { return }
        guard let stored else {
            throw Failure(.failed, "the repository could not be read", hint: "what \(name) shows comes from there")
        }
        let book = stored.repositoryBook(
            version: VersionCommand.number, filter: SnapshotFilter(), now: context.clock.now())
        try ReportFile.write(format.render(book), to: path)
    }
}
