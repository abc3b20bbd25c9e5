import Backups
import DataSources
import Formats
import Platform
import Policies

/// The sources of a policy, as `backup` takes them.
enum PolicySources {
    /// Each with its adapter, which keeps all that the policy says of it. Nothing is read or asked yet.
    static func sources(_ policy: Policy, _ arguments: ParsedArguments) throws -> [BackupPlan.Source] {
        let addresses = try policy.sources.map { source in
            SourceAddress(name: source.name, location: try location(source))
        }
        let lockSeconds = try SourceAdapters.lockSeconds(arguments, for: addresses)
        return try policy.sources.map { source in
            switch source.adapter {
            case .files(let files):
                BackupPlan.Source(
                    name: source.name,
                    adapter: FilesAdapter(
                        path: try path(files), selection: try selection(files, named: source.name, policy)))
            case .postgres(let server):
                BackupPlan.Source(
                    name: source.name,
                    adapter: PostgresAdapter(
                        try place(server), lockSeconds: lockSeconds,
                        scope: PostgresScope(excludedRows: server.exclude, savesRoles: server.globals)))
            }
        }
    }

    /// Refuses what would change what the policy says is saved.
    static func refuseOthers(_ arguments: ParsedArguments) throws(Failure) {
        if let operand = arguments.operands.first {
            throw Failure(
                .usage, "the sources are those of the policy, and `\(printable(operand))` is given too",
                hint: arguments.isExplicit(GlobalOptions.policy)
                    ? "write it into the policy, or save it without \(GlobalOptions.policy.name)"
                    : "unset \(GlobalOptions.policy.variable ?? "") to save something else")
        }
        if let option = (SelectionOptions.all + [StandardInputOptions.command]).first(where: arguments.isOn) {
            throw Failure(
                .usage, "\(option.name) and a policy exclude each other: the policy says what is saved",
                hint: "write it into the policy")
        }
    }

    private static func location(_ source: SourcePolicy) throws -> SourceAddress.Location {
        switch source.adapter {
        case .files(let files): .path(try path(files))
        case .postgres(let server): .postgres(try place(server).text)
        }
    }

    private static func path(_ files: FilesPolicy) throws(Failure) -> [UInt8] {
        try AbsolutePath.of(Array(files.root.utf8), workingDirectory: Array("/".utf8))
    }

    private static func place(_ server: PostgresPolicy) throws(Failure) -> PostgresLocation {
        let databases: PostgresLocation.Databases =
            server.allDatabases ? .all : server.databases.isEmpty ? .one : .named(server.databases)
        return try PostgresLocation(server.connect, databases: databases)
    }

    private static func selection(
        _ files: FilesPolicy, named name: String, _ policy: Policy
    ) throws(Failure) -> FileSelection {
        var patterns: [FileSelection.Pattern] = []
        for text in files.exclude {
            do throws(PatternProblem) {
                let pattern = try PathPattern(Array(text.utf8))
                patterns.append(.init(pattern, origin: "\(printable(policy.path)): sources.\(name).exclude"))
            } catch {
                throw Failure(.policy, "the pattern \(text) of the policy cannot be used", cause: error.sentence)
            }
        }
        var selection = FileSelection(excluding: patterns)
        selection.excludesCaches = files.excludeCaches
        selection.staysOnFileSystem = files.oneFileSystem
        return selection
    }
}
