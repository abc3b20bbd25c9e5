import Backups
import DataSources
import Formats
import Platform
import Policies
import Reports
import Repositories
import TestDoubles
import Testing

@testable import Drills

/// What tests of drills by policy start from: a system of files and a database, a policy of it, and its questions.
enum DrilledPolicy {
    /// A database whose rows name the files that `DrilledSystem` has.
    static let attachments = """
        CREATE TABLE attachments (id int PRIMARY KEY, path text NOT NULL, saved timestamptz NOT NULL, bad int);
        INSERT INTO attachments VALUES (1, 'index.html', now(), NULL), (2, '/deep/er/picture.bin', now(), NULL);
        GRANT SELECT ON attachments TO clerk;
        """

    /// The sources are `www` (files) and `db`.
    static func system() throws -> DrilledSystem { try made.get() }

    static let made = Result<DrilledSystem, any Error> { try make() }

    static func make() throws -> DrilledSystem {
        let server = try ThrowawayPostgres()
        try server.psql(ShopDatabase.definition)
        try server.psql(ShopDatabase.tables + attachments, "shop")
        let system = try DrilledSystem()
        try system.backUp([BackupPlan.Source(name: "db", adapter: PostgresAdapter(try server.location("shop")))])
        return system
    }

    static func policy(_ change: (inout DrillPolicy) -> Void) -> Policy {
        var policy = Policy(
            name: "shop", timezone: "UTC", repository: RepositoryPolicy(url: "/srv", password: .environment("P")),
            sources: [
                SourcePolicy(name: "www", adapter: .files(FilesPolicy(root: "/srv/www"))),
                SourcePolicy(name: "db", adapter: .postgres(PostgresPolicy(connect: "postgres:dbname=shop"))),
            ])
        change(&policy.drill)
        return policy
    }

    static func sql(
        _ identifier: String, _ text: String, _ expectation: SQLExpectation, role: String? = nil
    ) -> CheckPolicy {
        CheckPolicy(
            identifier, .sql(CheckPolicy.Query(source: "db", role: role, text: text), expect: expectation))
    }

    static func references(_ text: String, _ identifier: String = "files") -> CheckPolicy {
        CheckPolicy(
            identifier, .crossReferences(CheckPolicy.Query(source: "db", text: text), existsIn: "www", missing: 0))
    }

    static var web: ProcessPolicy {
        var web = ProcessPolicy(
            name: "web",
            argv: [
                "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", "{www.path}",
                "{port.web}",
            ])
        web.ready = .init(
            probe: .http(url: "http://127.0.0.1:{port.web}/index.html", status: nil), withinSeconds: 30)
        return web
    }

    static var everyCheck: [CheckPolicy] {
        [
            sql("paid", "SELECT count(*) FROM orders WHERE total > 0;", .range(atLeast: 1, atMost: nil)),
            sql(
                "tables", "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'",
                .range(atLeast: 3, atMost: nil)),
            sql("none bad", "SELECT count(*) FROM attachments WHERE bad IS NOT NULL", .equals("0"), role: "clerk"),
            CheckPolicy(
                "fresh",
                .sqlLag(CheckPolicy.Query(source: "db", text: "SELECT max(saved) FROM attachments"), maxSeconds: 3600)),
            references("SELECT path FROM attachments"),
            CheckPolicy(
                "self",
                .command(
                    argv: ["/bin/sh", "-c", "test -s \"$1/index.html\" && echo fine", "sh", "{www.path}"], exit: 0,
                    stdoutMatches: "^fine"), isGating: false),
            CheckPolicy(
                "front",
                .http(
                    url: "http://127.0.0.1:{port.web}/index.html", status: 200, contains: "<h1>shop</h1>",
                    matches: "sh[aeiou]p")),
        ]
    }
}
