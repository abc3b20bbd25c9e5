import DataSources
import Formats
import Platform
import Restores

/// What a `restore` command line asks for, checked as far as words alone can be.
struct RestoreRequest: Sendable {
    /// Where to.
    enum Place: Sendable, Equatable {
        /// A directory, absolute.
        case directory([UInt8])
        /// A database server.
        case server(PostgresLocation)
        /// Where everything was.
        case original
    }

    var item: ItemAddress
    var place: Place
    var overwrite: OverwriteRule
    var numericOwner: Bool
    /// Whether a server's roles are made first.
    var globals: Bool
    /// Whether a server is restored into though it lacks something.
    var ignoresPreflight: Bool
    /// Whether what a server holds afterwards is compared with the snapshot.
    var verifies: Bool
    /// How many sessions load a database.
    var jobs: Int
    var dryRun: Bool
    /// Which of the files are restored.
    var selection: RestoreSelection
    /// Whether what the snapshot does not have is removed.
    var deletes: Bool
    var filter: SnapshotFilter

    /// Reads it; every throw is a usage failure, but for a target with `..` that cannot be followed.
    init(_ context: CommandContext) throws {
        let arguments = context.arguments
        item = try ItemAddress.parse(arguments.operands[0])
        filter = try SnapshotOptions.filter(context)
        numericOwner = arguments.isOn(RestoreCommand.numericOwner)
        globals = arguments.isOn(RestoreCommand.globals)
        ignoresPreflight = arguments.isOn(RestoreCommand.ignorePreflight)
        verifies = arguments.isOn(RestoreCommand.verify)
        dryRun = arguments.isOn(RestoreCommand.dryRun)
        deletes = arguments.isOn(RestoreCommand.delete)
        selection = RestoreSelection(
            includes: try Self.patterns(arguments, RestoreCommand.include),
            excludes: try Self.patterns(arguments, RestoreCommand.exclude))
        jobs = try arguments.number(RestoreCommand.jobs, in: 1...64) ?? max(2, Host.processors)
        let rule = try arguments.text(RestoreCommand.overwrite)
        overwrite = rule.flatMap { OverwriteRule(rawValue: $0) } ?? .never
        place = try Self.place(context)
        try Self.checkCombinations(arguments, place: place, overwrite: overwrite)
    }

    private static func patterns(
        _ arguments: ParsedArguments, _ option: OptionSpecification
    ) throws(Failure) -> PathPatterns {
        var patterns: [PathPattern] = []
        for word in arguments.allBytes(option) {
            do throws(PatternProblem) { patterns.append(try PathPattern(word)) } catch {
                throw Failure(
                    .usage, "\(option.name) \(printable(word)): \(error.sentence)", hint: error.hint)
            }
        }
        return PathPatterns(patterns)
    }

    private static func place(_ context: CommandContext) throws(Failure) -> Place {
        let arguments = context.arguments
        let ways = [RestoreCommand.target, RestoreCommand.into, RestoreCommand.original]
        let given = ways.filter(arguments.isOn)
        guard given.count == 1 else {
            let names = ways.map(\.name).joined(separator: ", ")
            throw Failure(
                .usage, given.isEmpty ? "where to restore is not said" : "only one place can be restored to at a time",
                hint: "give one of \(names)")
        }
        if let target = arguments.bytes(RestoreCommand.target) { return .directory(try context.absolute(target)) }
        if let server = try arguments.text(RestoreCommand.into) { return .server(try PostgresLocation(server)) }
        return .original
    }

    /// Refuses options that the place would not look at.
    private static func checkCombinations(
        _ arguments: ParsedArguments, place: Place, overwrite: OverwriteRule
    ) throws(Failure) {
        guard case .server = place else {
            let forServers = [
                RestoreCommand.globals, RestoreCommand.jobs, RestoreCommand.verify, RestoreCommand.ignorePreflight,
            ]
            for option in forServers where arguments.isOn(option) {
                throw Failure(.usage, "\(option.name) goes with \(RestoreCommand.into.name) only")
            }
            return
        }
        let forFiles = [
            RestoreCommand.numericOwner, RestoreCommand.delete, RestoreCommand.include, RestoreCommand.exclude,
        ]
        if let option = forFiles.first(where: arguments.isOn) {
            throw Failure(.usage, "\(option.name) is for files, not for a database")
        }
        guard overwrite != .ifChanged else {
            throw Failure(
                .usage, "a database cannot be compared before it is restored",
                hint: "it is \(RestoreCommand.overwrite.name) never or always")
        }
    }
}
