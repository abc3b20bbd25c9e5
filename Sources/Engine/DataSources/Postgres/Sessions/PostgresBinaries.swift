import Platform
import Synchronization

/// The programs of one PostgreSQL installation: a directory, and the major version of what lies in it.
package struct PostgresBinaries: Sendable, Equatable {
    /// The directory, without a slash at its end.
    package let directory: String
    /// The major version, such as 15.
    package let major: Int
    /// The version as the programs say it, such as `15.18`.
    package let version: String

    /// What a staging server needs.
    package static let serverPrograms = ["initdb", "pg_ctl", "postgres", "pg_restore", "pg_dump"]
    /// What a backup needs.
    package static let clientPrograms = ["pg_dump", "pg_restore", "pg_dumpall"]
    /// What makes the definitions of a database.
    static let restorePrograms = ["pg_restore"]
    /// What reads them back.
    static let comparisonPrograms = ["pg_dump", "pg_restore"]

    /// The full path of a program.
    package func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// Finds an installation that holds all of `programs`: of the wanted major version, else of the next higher one.
    ///
    /// Looks into `given` alone when there is one, else asks `pg_config`, then PATH, then where Debian and the
    /// project's own packages put them. Throws a failure of kind `.unverifiable` that names the Debian package.
    package static func find(
        major wanted: Int, programs: [String], given: String? = nil,
        environment: [String: String] = Environment.withoutSecrets()
    ) throws(Failure) -> PostgresBinaries {
        let question = [String(wanted), given ?? "", environment["PATH"] ?? ""] + programs
        if let known = found.withLock({ $0[question] }) { return known }
        let answer = try search(major: wanted, programs: programs, given: given, environment: environment)
        found.withLock { $0[question] = answer }
        return answer
    }

    /// Every installation that holds at least one of `programs`, in the order in which they are looked at.
    package static func installations(
        with programs: [String], environment: [String: String] = Environment.withoutSecrets()
    ) -> [PostgresBinaries] {
        var seen: Set<String> = []
        return candidates(environment).compactMap { folder in
            let canonical = (try? FileTree.resolve(Array(folder.utf8))) ?? Array(folder.utf8)
            guard seen.insert(String(decoding: canonical, as: UTF8.self)).inserted,
                let first = programs.first(where: { isProgram("\(folder)/\($0)") }),
                let version = version(of: "\(folder)/\(first)", environment),
                let major = Int(version.prefix { $0.isNumber })
            else { return nil }
            return PostgresBinaries(directory: folder, major: major, version: version)
        }
    }

    /// Whether the installation has a program.
    package func holds(_ program: String) -> Bool { Self.isProgram(path(program)) }

    /// The version of libpq, with which salvor speaks to servers.
    package static var library: String { PostgresConnection.libraryVersion }

    /// What was found already: asking four programs takes as long as reading a small database.
    private static let found = Mutex<[[String]: PostgresBinaries]>([:])

    private static func search(
        major wanted: Int, programs: [String], given: String?, environment: [String: String]
    ) throws(Failure) -> PostgresBinaries {
        let folders = given.map { [$0] } ?? candidates(environment)
        var seen: Set<String> = []
        var best: PostgresBinaries?
        for folder in folders where seen.insert(folder).inserted {
            guard programs.allSatisfy({ isProgram("\(folder)/\($0)") }),
                let first = programs.first, let version = version(of: "\(folder)/\(first)", environment),
                let major = Int(version.prefix { $0.isNumber }), major >= wanted
            else { continue }
            if major == wanted { return PostgresBinaries(directory: folder, major: major, version: version) }
            if best.map({ major < $0.major }) ?? true {
                best = PostgresBinaries(directory: folder, major: major, version: version)
            }
        }
        if let best { return best }
        let package = programs.contains("postgres") ? "postgresql-\(wanted)" : "postgresql-client-\(wanted)"
        let place = given.map { "in \($0)" } ?? "here"
        throw Failure(
            .unverifiable,
            "no programs of PostgreSQL \(wanted) or later were found \(place) (\(programs.joined(separator: ", ")))",
            hint: "install Debian's \(package)")
    }

    private static func candidates(_ environment: [String: String]) -> [String] {
        var folders: [String] = []
        if let answer = try? ChildProcess.run(["pg_config", "--bindir"], environment: environment),
            answer.ending.succeeded
        {
            folders.append(String(decoding: answer.output, as: UTF8.self).filter { $0 != "\n" })
        }
        folders += (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for parent in ["/usr/lib/postgresql", "/usr"] {
            guard let names = try? Directory(Array(parent.utf8)).names() else { continue }
            for name in names.map({ String(decoding: $0, as: UTF8.self) }) {
                if parent == "/usr", !name.hasPrefix("pgsql-") { continue }
                folders.append("\(parent)/\(name)/bin")
            }
        }
        return folders
    }

    /// Debian's /usr/bin holds symlinks to a script that picks a version by its own lights: those do not count.
    private static func isProgram(_ path: String) -> Bool {
        guard let itself = try? FileStatus(of: Array(path.utf8), following: true) else { return false }
        if let wrapper = try? FileStatus(of: Array("/usr/share/postgresql-common/pg_wrapper".utf8), following: true),
            (wrapper.device, wrapper.inode) == (itself.device, itself.inode)
        {
            return false
        }
        return itself.isRegular && itself.permissions & 0o111 != 0
    }

    /// `pg_dump (PostgreSQL) 15.18 (Debian …)` → `15.18`.
    private static func version(of program: String, _ environment: [String: String]) -> String? {
        guard let answer = try? ChildProcess.run([program, "--version"], environment: environment),
            answer.ending.succeeded
        else { return nil }
        let words = String(decoding: answer.output, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        return words.first { $0.first?.isNumber == true }.map(String.init)
    }
}
