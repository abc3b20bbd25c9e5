import DataSources
import Platform
import Policies

/// What came back, as the policy's programs and checks find it: addresses, paths, ports, and the environment.
///
/// One thread uses it.
final class StagedSystem {
    /// One source that came back.
    struct Source {
        var name: String
        /// The location that was saved: paths in the database may begin with it.
        var location: String
        var dataTime: Instant
        var place: CheckSubject.Place
        var databases: [StagedDatabase]
    }

    /// What stands in for what came back, to see whether anybody notices.
    struct Emptiness {
        /// The address of an empty database, by source.
        var urls: [String: String]
        /// A directory with nothing in it.
        var directory: String
    }

    let area: StagingArea
    let sources: [Source]
    let network: StagedNetwork
    private var programs: [StagedProgram] = []
    /// The roles that only read, by source; a server that knows no such role has none.
    private let readers: [String: String]
    private let policySources: [SourcePolicy]
    private let starts: [String]

    init(area: StagingArea, sources: [Source], network: StagedNetwork, policy: Policy, readers: [String: String] = [:])
    {
        self.area = area
        self.sources = sources
        self.network = network
        policySources = policy.sources
        starts = policy.drill.start.map(\.name)
        self.readers = readers
    }

    /// Makes a role that only reads in each server that needs one; answers them by source.
    static func makeReaders(_ sources: [Source], for checks: [CheckPolicy], drill: String) throws -> [String: String] {
        let asked = Set(checks.compactMap { $0.query?.source })
        var readers: [String: String] = [:]
        for source in sources where asked.contains(source.name) {
            guard case .server(let place, _) = source.place else { continue }
            let name = "salvor_drill_\(drill)"
            if try PostgresInquiry.makeReader(name, in: place) { readers[source.name] = name }
        }
        return readers
    }

    /// The role that asks a query: the one that the policy names, else one that only reads.
    func role(of query: CheckPolicy.Query) -> String? { query.role ?? readers[query.source] }

    /// A text with its placeholders expanded. `emptiness` takes the place of what came back.
    func expanded(_ text: String, emptiness: Emptiness? = nil) throws(Failure) -> String {
        do {
            return try PlaceholderText(text).expanded { name in
                try self.value(of: Placeholder(name, sources: policySources, starts: starts), emptiness)
            }
        } catch let problem as PlaceholderProblem {
            throw Failure(.unverifiable, "`\(text)` cannot be expanded: \(problem.sentence)", hint: problem.hint)
        } catch {
            throw Failure(error)
        }
    }

    private func value(of placeholder: Placeholder, _ emptiness: Emptiness?) throws(Failure) -> String {
        switch placeholder {
        case .staging: return String(decoding: area.path, as: UTF8.self)
        case .drillIdentifier: return area.identifier
        case .port(let name):
            guard let port = network.port(of: name) else {
                throw Failure(.unverifiable, "no program `\(name)` is started by this drill")
            }
            return String(port)
        case .path(let name):
            if let emptiness { return emptiness.directory }
            return String(decoding: try directory(of: name), as: UTF8.self)
        case .databaseURL(let name, let database):
            if let url = emptiness?.urls[name] { return url }
            return try self.database(of: name, named: database).url
        }
    }

    /// The directory, or the file, that a source came back to.
    func directory(of name: String) throws(Failure) -> [UInt8] {
        guard case .files(let path) = try source(name).place else {
            throw Failure(.unverifiable, "the source \(name) is a database in this snapshot, and files in the policy")
        }
        return path
    }

    /// A database that came back; `database` nil is the source's only one.
    func database(of name: String, named database: String?) throws(Failure) -> StagedDatabase {
        let source = try source(name)
        if let database {
            guard let found = source.databases.first(where: { $0.name == database }) else {
                throw Failure(.unverifiable, "the snapshot has no database \(database) in the source \(name)")
            }
            return found
        }
        guard source.databases.count == 1, let only = source.databases.first else {
            throw Failure(
                .unverifiable,
                source.databases.isEmpty
                    ? "the source \(name) has no database in this snapshot"
                    : "the source \(name) has several databases in this snapshot",
                hint: "name the one that is meant in the policy")
        }
        return only
    }

    /// The server that a source's databases are in.
    func server(of name: String) throws(Failure) -> PostgresLocation {
        guard case .server(let place, _) = try source(name).place else {
            throw Failure(.unverifiable, "the source \(name) is no database in this snapshot")
        }
        return place
    }

    /// A source of the snapshot.
    func source(_ name: String) throws(Failure) -> Source {
        guard let source = sources.first(where: { $0.name == name }) else {
            throw Failure(
                .unverifiable, "the source \(name) is not in this snapshot",
                hint: "back up with the policy first: `salvor backup --policy FILE`")
        }
        return source
    }

    /// Takes over a program that was started, so that it is ended with the others.
    func add(_ program: StagedProgram) { programs.append(program) }

    /// Ends every program, the last one first; answers their names.
    @discardableResult
    func stopPrograms() -> String {
        for program in programs.reversed() { program.stop() }
        return programs.map(\.name).joined(separator: ", ")
    }

    /// The programs that have ended by themselves, with their endings in words.
    var endedPrograms: [(name: String, words: String)] {
        programs.compactMap { program in program.ended.map { (program.name, $0) } }
    }

    /// The environment of the policy's programs.
    func environment(
        _ more: [ProcessPolicy.Variable] = [], emptiness: Emptiness? = nil
    ) throws(Failure) -> [String: String] {
        let databases = sources.flatMap { source in
            source.databases.map { emptiness == nil ? $0 : $0.named(StagedEmptiness.name) }
        }
        let files = emptiness.map { Array($0.directory.utf8) } ?? area.path(of: "files")
        var variables = StagedEnvironment(area: area, files: files, databases: databases).variables
        for variable in more { variables[variable.name] = try expanded(variable.value, emptiness: emptiness) }
        return variables
    }

    /// Runs a program of the policy to its end, in the drill's network.
    func run(
        _ argv: [String], emptiness: Emptiness? = nil, cancellation: any Cancellation
    ) throws -> ChildProcess.Outcome {
        let words = try argv.map { word throws(Failure) in try expanded(word, emptiness: emptiness) }
        return try ChildProcess.run(
            network.prefix + words, environment: environment(emptiness: emptiness), limit: 1 << 20,
            directory: String(decoding: area.path, as: UTF8.self), cancellation: cancellation)
    }
}
