import Formats

/// What a placeholder stands for.
package enum Placeholder: Sendable, Equatable {
    /// `{SOURCE.url}`: the address of a database that came back; `{SOURCE.url.DATABASE}` where there are several.
    case databaseURL(source: String, database: String?)
    /// `{SOURCE.path}`: the directory of files that came back.
    case path(source: String)
    /// `{port.NAME}`: the port that is free for a program of `start`.
    case port(String)
    /// `{staging}`: the directory of the whole drill.
    case staging
    /// `{drill.id}`: the identifier of the drill.
    case drillIdentifier

    /// The first words that a source may not be named by: they begin placeholders of their own.
    package static let reservedNames = ["port", "drill", "staging", "major"]

    /// Understands what stands between the braces, for a system with these sources and started programs.
    package init(_ name: String, sources: [SourcePolicy], starts: [String]) throws(PlaceholderProblem) {
        switch name {
        case "staging": self = .staging
        case "drill.id": self = .drillIdentifier
        case "major":
            throw PlaceholderProblem("`{major}` stands for something in drill.postgres.binaries only")
        case _ where name.hasPrefix("port."):
            let program = String(name.dropFirst("port.".count))
            guard starts.contains(program) else { throw Self.unknownProgram(program, starts) }
            self = .port(program)
        default: self = try Self.ofSource(name, sources)
        }
    }

    private static func unknownProgram(_ name: String, _ starts: [String]) -> PlaceholderProblem {
        let meant = Suggestion.nearest(to: name, among: starts)
        return PlaceholderProblem(
            "`{port.\(name)}`: no program of drill.start is named `\(name)`",
            hint: meant.map { "did you mean {port.\($0)}?" })
    }

    /// A source's name may have points itself: the longest one that fits is meant.
    private static func ofSource(_ name: String, _ sources: [SourcePolicy]) throws(PlaceholderProblem) -> Self {
        let fitting = sources.filter { name.hasPrefix($0.name + ".") }.max { $0.name.utf8.count < $1.name.utf8.count }
        guard let source = fitting else { throw unknown(name, sources) }
        let member = String(name.dropFirst(source.name.count + 1))
        switch source.adapter {
        case .files where member == "path": return .path(source: source.name)
        case .postgres(let server) where member == "url" || member.hasPrefix("url."):
            let database = member == "url" ? nil : String(member.dropFirst("url.".count))
            try check(database, of: server, source.name)
            return .databaseURL(source: source.name, database: database)
        case .files:
            throw PlaceholderProblem(
                "`{\(name)}`: a source of files has a path only", hint: "write {\(source.name).path}")
        case .postgres:
            throw PlaceholderProblem("`{\(name)}`: a database has an url only", hint: "write {\(source.name).url}")
        }
    }

    private static func unknown(_ name: String, _ sources: [SourcePolicy]) -> PlaceholderProblem {
        let known = ["staging", "drill.id"] + sources.map(\.placeholder)
        let meant = Suggestion.nearest(to: name, among: known)
        return PlaceholderProblem(
            "`{\(name)}` stands for nothing here",
            hint: meant.map { "did you mean {\($0)}?" }
                ?? "there are \(known.map { "{\($0)}" }.joined(separator: ", "))")
    }

    private static func check(
        _ database: String?, of server: PostgresPolicy, _ source: String
    ) throws(PlaceholderProblem) {
        let isOne = !server.allDatabases && server.databases.count <= 1
        guard let database else {
            if isOne { return }
            throw PlaceholderProblem(
                "`{\(source).url}`: the source `\(source)` has several databases",
                hint: "write {\(source).url.\(server.databases.first ?? "DATABASE")}")
        }
        guard !server.allDatabases, !server.databases.contains(database) else { return }
        throw PlaceholderProblem(
            "`{\(source).url.\(database)}`: the source `\(source)` has no database `\(database)`",
            hint: isOne ? "write {\(source).url}" : "it has \(server.databases.joined(separator: ", "))")
    }
}

extension SourcePolicy {
    /// The placeholder by which a program finds what came back of the source.
    package var placeholder: String {
        switch adapter {
        case .files: "\(name).path"
        case .postgres(let server) where server.allDatabases || server.databases.count > 1:
            "\(name).url.\(server.databases.first ?? "DATABASE")"
        case .postgres: "\(name).url"
        }
    }
}
