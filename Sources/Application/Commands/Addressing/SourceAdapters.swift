import DataSources
import Platform

/// Which adapter reads what an address names.
enum SourceAdapters {
    static let lockTimeout = OptionSpecification(
        "--lock-timeout", value: "SECONDS",
        help: "how long a database's tables are waited for at a time, \(PostgresAdapter.lockSeconds) when not given")

    /// How long one wait for a database's locks lasts, as the option says. A usage failure when there is no database.
    static func lockSeconds(_ arguments: ParsedArguments, for sources: [SourceAddress]) throws(Failure) -> Int {
        guard let seconds = try arguments.number(lockTimeout, in: 1...86_400) else {
            return PostgresAdapter.lockSeconds
        }
        let isForDatabase = sources.contains { source in
            if case .postgres = source.location { true } else { false }
        }
        guard isForDatabase else {
            throw Failure(.usage, "\(lockTimeout.name) is for sources that are databases, and there is none")
        }
        return seconds
    }

    /// The adapter for a source; nothing is read or asked yet. `selection` is for paths, `origin` for standard input,
    /// `lockSeconds` for databases.
    static func adapter(
        for source: SourceAddress, selection: FileSelection, origin: StandardInputAdapter.Origin?, lockSeconds: Int
    ) throws -> any SourceAdapter {
        switch source.location {
        case .path(let path): return FilesAdapter(path: path, selection: selection)
        case .postgres(let text):
            return PostgresAdapter(try PostgresLocation(text), lockSeconds: lockSeconds)
        case .standardInput:
            guard let origin else { preconditionFailure("standard input is a source without an origin") }
            return StandardInputAdapter(origin)
        }
    }
}
