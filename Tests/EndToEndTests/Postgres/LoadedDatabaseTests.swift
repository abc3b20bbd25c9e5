import DataSources
import Formats
import Platform
import TestDoubles
import Testing

@Suite("A database under load")
struct LoadedDatabaseTests {
    /// What pgbench's tables hold, and its own promise: every transaction adds the same amount at four places.
    private static let contents = """
        SELECT 'accounts', count(*), sum(abalance), sum(hashtextextended(a::text, 0)::numeric) FROM pgbench_accounts a;
        SELECT 'tellers', count(*), sum(tbalance), sum(hashtextextended(t::text, 0)::numeric) FROM pgbench_tellers t;
        SELECT 'branches', count(*), sum(bbalance), sum(hashtextextended(b::text, 0)::numeric) FROM pgbench_branches b;
        SELECT 'history', count(*), sum(delta), sum(hashtextextended(h::text, 0)::numeric) FROM pgbench_history h;
        """
    private static let sums = """
        SELECT (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT sum(tbalance) FROM pgbench_tellers)
            AND (SELECT sum(tbalance) FROM pgbench_tellers) = (SELECT sum(bbalance) FROM pgbench_branches)
            AND (SELECT sum(bbalance) FROM pgbench_branches) = (SELECT sum(delta) FROM pgbench_history)
        """

    private func address(_ server: ThrowawayPostgres, _ database: String) -> String {
        "postgres:host=\(server.directory.path) user=postgres dbname=\(database)"
    }

    private func pgbench(_ server: ThrowawayPostgres, _ words: [String]) throws -> ChildProcess {
        try ChildProcess(
            [server.binaries.path("pgbench"), "-h", server.directory.path, "-U", "postgres"] + words + ["bench"],
            environment: Environment.withoutSecrets(), output: .null, errors: .null)
    }

    /// Begins a backup, waits until it holds its snapshot, and looks at the same instant with psql; answers what psql
    /// saw once the backup is over.
    private func backup(_ server: ThrowawayPostgres, _ salvor: Salvor) throws -> String {
        let run = try ChildProcess(
            [Salvor.binary, "backup", "--json", "bench=" + address(server, "bench")],
            environment: salvor.environment(), output: .pipe, directory: salvor.folder.path)
        var said = ""
        while !said.contains("\n") {
            let more = try run.hear()
            if more.isEmpty { break }
            said += more
        }
        let held = try JSONParser.parse(Array((said.split(separator: "\n").first ?? "").utf8))
        try #require(held["type"]?.text == "held" && held["object"]?.text == "bench", "\(said)")
        let handle = try #require(held["handle"]?.text)
        let session = try server.session("bench")
        try session.say(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '\(handle)'; SELECT 'same';")
        let answer = try session.hear()
        try #require(answer == "same\n", "\(answer)")
        while true {
            let more = try run.hear()
            if more.isEmpty { break }
            said += more
        }
        #expect(try run.wait().code == 0, "\(said)")
        try session.say(Self.contents + "\\q")
        var seen = ""
        while true {
            let more = try session.hear()
            if more.isEmpty { break }
            seen += more
        }
        _ = try session.wait()
        return seen.split(separator: "\n").joined(separator: "\n")
    }

    @Test("each of ten backups taken while pgbench runs is what a session on its snapshot sees")
    func consistent() throws {
        let salvor = try Salvor.withRepository("load")
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE bench")
        #expect(try pgbench(server, ["-i", "-q", "-s", "3"]).wait().code == 0)
        let load = try pgbench(server, ["-c", "4", "-j", "2", "-n", "-T", "600"])
        defer { load.stop() }
        let other = try ThrowawayPostgres()
        var histories: Set<String> = []
        for number in 1...10 {
            let seen = try backup(server, salvor)
            histories.insert(seen)
            let name = "night\(number)"
            try salvor.succeeds("restore", "latest:bench", "--into", address(other, name), "--verify")
            #expect(try other.psql(Self.contents, name) == seen, "night \(number)")
            #expect(try other.psql(Self.sums, name) == "t", "night \(number)")
            try other.psql("DROP DATABASE \(name)")
        }
        #expect(load.endingIfAny() == nil, "pgbench was at work all the time")
        #expect(histories.count == 10, "no two backups saw the same")
    }
}
