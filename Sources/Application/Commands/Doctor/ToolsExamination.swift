import DataSources
import Platform
import Sealing

/// Looks at the libraries and programs of this machine.
struct ToolsExamination {
    let environment: [String: String]

    /// The programs that come with PostgreSQL.
    private static let client = ["pg_dump", "pg_dumpall", "pg_restore"]
    private static let server = ["postgres", "initdb", "pg_ctl"]

    /// All of it.
    func run() -> [Diagnosis] {
        let inherited = Environment.withoutSecrets(environment)
        return libraries() + postgres(inherited) + programs(inherited)
    }

    private func libraries() -> [Diagnosis] {
        var found: [Diagnosis] = [
            .ok(
                "library",
                "libcrypto \(SealingLibraries.crypto), zlib \(SealingLibraries.zlib), "
                    + "libpq \(PostgresBinaries.library)")
        ]
        if let version = SealingLibraries.zstandard {
            found.append(.ok("library", "libzstd \(version)"))
        } else {
            found.append(
                .warning(
                    "library",
                    "libzstd is not installed: backups are larger, and data that was compressed with it is unreadable",
                    "install the package libzstd1"))
        }
        if let name = HTTPClient.libraryName {
            found.append(.ok("library", name.replacing("/", with: " ")))
        } else {
            found.append(
                .warning("library", "libcurl is not installed: no pings can be sent", "install the package libcurl4"))
        }
        return found
    }

    /// Every installation of PostgreSQL, and psql, which is everybody's way to look.
    private func postgres(_ environment: [String: String]) -> [Diagnosis] {
        let all = Self.client + Self.server
        let installations = PostgresBinaries.installations(with: all + ["psql"], environment: environment)
        guard !installations.isEmpty else {
            return [
                .warning(
                    "tool",
                    "no programs of PostgreSQL are installed: databases can be neither saved nor drilled, "
                        + "files can",
                    "install postgresql (or postgresql-client, to save only), of the server's version or later")
            ]
        }
        let isEnough = installations.contains { installation in all.allSatisfy(installation.holds) }
        return installations.map { installation in
            let missing = all.filter { !installation.holds($0) }
            let place = "PostgreSQL \(installation.version) in \(installation.directory)"
            if missing.isEmpty { return .ok("tool", place + (installation.holds("psql") ? "" : ", without psql")) }
            let lack = "\(place) lacks \(missing.joined(separator: ", "))"
            // Next to a whole one it does no harm.
            if isEnough { return .ok("tool", lack) }
            let use = missing.contains(where: Self.client.contains) ? "saved" : "drilled"
            return .warning(
                "tool", "\(lack): with it databases cannot be \(use)", "install postgresql-\(installation.major)")
        }
    }

    /// The programs that keep a staged server apart.
    private func programs(_ environment: [String: String]) -> [Diagnosis] {
        let lost = ["setpriv": "drills as root cannot start a database server", "unshare": "drills have a network"]
        return lost.sorted { $0.key < $1.key }.map { program, loss in
            guard let answer = try? ChildProcess.run([program, "--version"], environment: environment),
                answer.ending.succeeded
            else {
                return .warning("tool", "\(program) is not installed: \(loss)", "install the package util-linux")
            }
            let line = String(decoding: answer.output.prefix { $0 != 0x0a }, as: UTF8.self)
            return .ok("tool", line)
        } + [isolation(environment)].compactMap { $0 }
    }

    /// Whether the kernel lets us take the network away from a staged server.
    private func isolation(_ environment: [String: String]) -> Diagnosis? {
        let mapping = Host.userID == 0 ? [] : ["--user", "--map-current-user"]
        let words = ["unshare"] + mapping + ["--net", "--ipc", "--", "true"]
        guard let answer = try? ChildProcess.run(words, environment: environment) else { return nil }
        guard !answer.ending.succeeded else { return .ok("kernel", "staged servers get no network") }
        return .warning(
            "kernel", "this kernel gives staged servers no namespace of their own: \(answer.complaint)",
            "drills run all the same, and their report says so")
    }
}
