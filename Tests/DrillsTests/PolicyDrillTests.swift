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

/// A drill that follows a policy: its programs, its checks, its objectives, its timeouts, and the proof of the checks.
@Suite(.serialized)
struct PolicyDrillTests {
    /// A database whose rows name the files that `DrilledSystem` has.
    private static let attachments = """
        CREATE TABLE attachments (id int PRIMARY KEY, path text NOT NULL, saved timestamptz NOT NULL, bad int);
        INSERT INTO attachments VALUES (1, 'index.html', now(), NULL), (2, '/deep/er/picture.bin', now(), NULL);
        GRANT SELECT ON attachments TO clerk;
        """

    /// The sources are `www` (files) and `db`.
    private static func system() throws -> DrilledSystem { try made.get() }

    private static let made = Result<DrilledSystem, any Error> { try make() }

    private static func make() throws -> DrilledSystem {
        let server = try ThrowawayPostgres()
        try server.psql(ShopDatabase.definition)
        try server.psql(ShopDatabase.tables + attachments, "shop")
        let system = try DrilledSystem()
        try system.backUp([BackupPlan.Source(name: "db", adapter: PostgresAdapter(try server.location("shop")))])
        return system
    }

    private static func policy(_ change: (inout DrillPolicy) -> Void) -> Policy {
        var policy = Policy(
            name: "shop", timezone: "UTC", repository: RepositoryPolicy(url: "/srv", password: .environment("P")),
            sources: [
                SourcePolicy(name: "www", adapter: .files(FilesPolicy(root: "/srv/www"))),
                SourcePolicy(name: "db", adapter: .postgres(PostgresPolicy(connect: "postgres:dbname=shop"))),
            ])
        change(&policy.drill)
        return policy
    }

    private static func sql(
        _ identifier: String, _ text: String, _ expectation: SQLExpectation, role: String? = nil
    ) -> CheckPolicy {
        CheckPolicy(
            identifier, .sql(CheckPolicy.Query(source: "db", role: role, text: text), expect: expectation))
    }

    private static func references(_ text: String, _ identifier: String = "files") -> CheckPolicy {
        CheckPolicy(
            identifier, .crossReferences(CheckPolicy.Query(source: "db", text: text), existsIn: "www", missing: 0))
    }

    private static var web: ProcessPolicy {
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

    private static var everyCheck: [CheckPolicy] {
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

    @Test("programs are started, every check of the policy is asked, and the checks are proved: L6, nothing left")
    func recovers() throws {
        let system = try Self.system()
        let policy = Self.policy {
            $0.start = [Self.web]
            $0.checks = Self.everyCheck
        }
        let report = try system.drill {
            $0.policy = policy
            $0.provesChecks = true
        }
        #expect(report.verdict == "recovered", "\(TextReport.render(report))")
        #expect(report.exitCode == 0 && report.evidenceLevel == "L6 usable")
        let identifiers = report.checks.map(\.identifier)
        for wanted in ["policy.sources", "start.web"] + Self.everyCheck.map(\.identifier) {
            #expect(identifiers.contains(wanted))
        }
        #expect(report.checks.allSatisfy { $0.result == .passed }, "\(TextReport.render(report))")
        #expect(report.checks.first { $0.identifier == "self" }?.gating == false)
        #expect(report.proofs.allSatisfy { $0.blind.isEmpty && !$0.caughtBy.isEmpty }, "\(report.proofs)")
        let caught = Set(report.proofs.flatMap(\.caughtBy))
        let claiming = CheckCatalog.all.filter { !$0.claims.isEmpty && $0.adapter != "stdin" }.map { $0.identifier }
        #expect(caught == Set(claiming + Self.everyCheck.map(\.identifier)))
        #expect(Set(report.proofs.map(\.damage)).isSuperset(of: StagedDamage.allCases.map(\.rawValue)))
        #expect(try system.leftInStaging().isEmpty)
        let shares = report.phases.filter(\.counted).reduce(0) { $0 + $1.shareSeconds }
        #expect(abs(shares - (report.measuredRecoverySeconds ?? -1)) < 1e-9)
    }

    @Test(
        "a check that says the same whatever happens is found blind: exit 4, named",
        arguments: [
            sql("one", "SELECT 1", .equals("1")),
            sql("clock", "SELECT extract(year FROM now())", .range(atLeast: 2000, atMost: nil)),
            sql("tautology", "SELECT count(*) >= 0 FROM orders", .equals("t")),
            CheckPolicy("true", .command(argv: ["/bin/true"], exit: 0, stdoutMatches: nil)),
            CheckPolicy(
                "deaf", .command(argv: ["/bin/test", "-d", "{www.path}"], exit: 0, stdoutMatches: nil)),
        ])
    func findsBlindness(check: CheckPolicy) throws {
        let system = try Self.system()
        let policy = Self.policy { $0.checks = [check] }
        let report = try system.drill {
            $0.policy = policy
            $0.provesChecks = true
        }
        #expect(report.verdict == "degraded" && report.exitCode == 4, "\(report.summary)")
        #expect(report.proofs.flatMap(\.blind) == [check.identifier])
        #expect(report.summary.contains("blind") && report.summary.contains(check.identifier))
        #expect(report.remedies.contains { $0.sentence.contains(check.identifier) })
        let without = try system.drill { $0.policy = policy }
        #expect(without.verdict == "recovered" && without.proofs.isEmpty, "\(without.summary)")
    }

    @Test("what a policy's check finds wrong turns the drill red, and what it expected and found is told")
    func findsFaults() throws {
        let system = try Self.system()
        let faults: [(CheckPolicy, String)] = [
            (Self.sql("many", "SELECT count(*) FROM orders", .range(atLeast: 9999, atMost: nil)), "found 5000"),
            (Self.sql("text", "SELECT name FROM customers LIMIT 1", .equals("nobody")), "a text of"),
            (Self.sql("rows", "SELECT id FROM orders", .equals("1")), "several rows"),
            (Self.sql("none", "SELECT id FROM orders WHERE false", .equals("1")), "no row"),
            (Self.sql("table", "SELECT 1 FROM lost", .equals("1")), "lost"),
            (Self.sql("rights", "SELECT count(*) FROM customers", .equals("500"), role: "clerk"), "permission denied"),
            (Self.sql("role", "SELECT 1", .equals("1"), role: "nobody"), "the role nobody cannot connect"),
            (
                CheckPolicy(
                    "old",
                    .sqlLag(
                        CheckPolicy.Query(source: "db", text: "SELECT timestamptz '2020-01-01'"), maxSeconds: 60)),
                "before it"
            ),
            (Self.references("SELECT path || 'x' FROM attachments"), "index.htmlx"),
            (Self.references("SELECT '../../lease'", "out"), "../../lease"),
            (
                CheckPolicy(
                    "self", .command(argv: ["/bin/sh", "-c", "echo no >&2; exit 3"], exit: 0, stdoutMatches: nil)),
                "its last words: no"
            ),
            (
                CheckPolicy(
                    "quiet", .command(argv: ["/bin/echo", "well"], exit: 0, stdoutMatches: "^fine")), "^fine"
            ),
            (
                CheckPolicy(
                    "gone",
                    .http(url: "http://127.0.0.1:1/", status: 200, contains: nil, matches: nil)), "127.0.0.1:1"
            ),
        ]
        let report = try system.drill { options in
            options.policy = Self.policy { $0.checks = faults.map(\.0) }
        }
        #expect(report.verdict == "degraded" && report.exitCode == 4)
        for (check, words) in faults {
            let answer = try #require(report.checks.first { $0.identifier == check.identifier && $0.result == .failed })
            #expect(answer.differing.contains { $0.contains(words) }, "\(answer)")
        }
        #expect(!TextReport.render(report).contains("customer 1"), "no value of the database is in the report")
    }

    @Test(
        "a program that does not become ready, or ends, turns it red with its last words; a missing one is no verdict")
    func findsLazyPrograms() throws {
        let system = try DrilledSystem()
        try system.backUp()
        func drill(_ argv: [String], _ probe: ProcessPolicy.Readiness.Probe) throws -> Report {
            try system.drill { options in
                options.policy = Self.policy {
                    var program = ProcessPolicy(name: "web", argv: argv)
                    program.ready = .init(probe: probe, withinSeconds: 1)
                    $0.start = [program]
                }
                options.policy?.sources.removeLast()
            }
        }
        let silent = try drill(["/bin/sleep", "600"], .http(url: "http://127.0.0.1:{port.web}/", status: 200))
        #expect(silent.verdict == "degraded" && silent.summary.contains("start.web"), "\(silent.summary)")
        let ended = try drill(["/bin/sh", "-c", "echo no config >&2; exit 7"], .command(["/bin/false"]))
        #expect(ended.summary.contains("exit 7") && !ended.summary.contains("no config"), "\(ended.summary)")
        #expect(ended.checks.contains { $0.differing.contains { $0.contains("no config") } })
        let ready = try drill(["/bin/sleep", "600"], .command(["/bin/true"]))
        #expect(ready.verdict == "recovered", "\(ready.summary)")
        let missing = try drill(["/srv/nowhere/web"], .command(["/bin/true"]))
        #expect(missing.verdict == "unverifiable" && missing.exitCode == 6, "\(missing.summary)")
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("a source of the policy that is not in the snapshot turns it red, and is named")
    func findsAForgottenSource() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill { $0.policy = Self.policy { _ in } }
        #expect(report.verdict == "degraded" && report.exitCode == 4)
        #expect(report.summary.contains("policy.sources: db is not in the snapshot"))
    }

    @Test("paths that lead out of what came back mean nothing there, and nothing outside of it is touched")
    func staysInside() throws {
        let system = try Self.system()
        let outside = try TemporaryFolder("production")
        try outside.write("store/a.png", text: "production")
        let staged = "\"$SALVOR_DRILL_FILES/www\""
        let report = try system.drill { options in
            options.policy = Self.policy {
                $0.checks = [Self.references("SELECT 'cur/a.png'"), Self.references("SELECT '.'", "root")]
            }
            options.provesChecks = true
            options.beforeChecks = "ln -s \(outside.path)/store \(staged)/cur"
        }
        #expect(report.verdict == "degraded", "\(report.summary)")
        let answers = report.checks.filter { $0.type == "cross.references" }
        #expect(answers.allSatisfy { $0.result == .failed && $0.actual.hasPrefix("1 of 1 missing") }, "\(answers)")
        #expect(try FileTree.read(outside.path("store/a.png"), limit: 100) == Array("production".utf8))
    }

    @Test("a check that compared nothing has not passed")
    func demandsPaths() throws {
        let report = try Self.system().drill { options in
            options.policy = Self.policy { $0.checks = [Self.references("SELECT path FROM attachments WHERE false")] }
        }
        #expect(report.verdict == "unverifiable" && report.summary.contains("returned no path"), "\(report.summary)")
    }

    @Test("questions run as a role that only reads, whatever the database's own functions try")
    func readsOnly() throws {
        let report = try Self.system().drill { options in
            options.policy = Self.policy {
                $0.checks = [
                    Self.sql("who", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", .equals("f")),
                    Self.sql("reads", "SELECT count(*) FROM orders", .equals("5000")),
                ]
            }
        }
        #expect(report.verdict == "recovered", "\(TextReport.render(report))")
    }

    @Test("ordinary questions after wrong rows are no blind ones, constraints and keys or not")
    func seesOrphans() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(
            """
            CREATE TABLE boxes (id uuid PRIMARY KEY, kind text);
            CREATE TABLE items (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, box uuid NOT NULL REFERENCES boxes,
                qty int NOT NULL CHECK (qty > 0));
            INSERT INTO boxes SELECT gen_random_uuid(), 'k' FROM generate_series(1, 20);
            INSERT INTO items (box, qty) SELECT id, 1 FROM boxes;
            """, "shop")
        let system = try DrilledSystem()
        try system.backUp([BackupPlan.Source(name: "db", adapter: PostgresAdapter(try server.location("shop")))])
        let report = try system.drill { options in
            options.provesChecks = true
            options.policy = Self.policy {
                $0.checks = [
                    Self.sql(
                        "orphans", "SELECT count(*) FROM items LEFT JOIN boxes b ON b.id = box WHERE b.id IS NULL",
                        .equals("0")),
                    Self.sql("quantities", "SELECT count(*) FROM items WHERE qty <= 0", .equals("0")),
                    Self.sql("twice", "SELECT count(*) - count(DISTINCT id) FROM items", .equals("0")),
                ]
            }
        }
        let blind = report.proofs.flatMap(\.blind)
        // Rows cannot be doubled under a primary key that numbers them itself: no damage shows the third at work.
        #expect(blind == ["twice"], "\(report.summary)")
    }

    @Test("what is only audited is not said to be as it was")
    func saysNoMoreThanShown() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill {
            var policy = Self.policy {
                $0.checks = [CheckPolicy("files", .brought(type: "files.manifest", source: nil), isGating: false)]
            }
            policy.sources.removeLast()
            $0.policy = policy
            $0.beforeChecks = "echo x >> \"$SALVOR_DRILL_FILES/www/index.html\""
        }
        #expect(report.verdict == "recovered" && report.evidenceLevel == "L3 materialised", "\(report.summary)")
        #expect(report.summary.contains("not shown (files.manifest of www)"), "\(report.summary)")
    }

    @Test("a program that hides from its parent and clears its environment ends with the drill")
    func endsHiddenPrograms() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill {
            var policy = Self.policy {
                let hiding = "env -i setsid -f sleep 77777 </dev/null >/dev/null 2>&1; exec sleep 77776"
                $0.start = [ProcessPolicy(name: "web", argv: ["/bin/sh", "-c", hiding])]
            }
            policy.sources.removeLast()
            $0.policy = policy
        }
        #expect(report.verdict == "recovered", "\(report.summary)")
        let left = try ChildProcess.run(
            ["pgrep", "-x", "-f", "sleep 7777[67]"], environment: ["PATH": "/usr/bin:/bin"])
        #expect(left.output.isEmpty, "\(String(decoding: left.output, as: UTF8.self))")
    }

    @Test("a program without a question for readiness that ends is no running product")
    func noticesEndings() throws {
        let system = try DrilledSystem()
        try system.backUp()
        for line in ["exit 0", "sleep 0.6"] {
            let report = try system.drill {
                var policy = Self.policy {
                    $0.start = [ProcessPolicy(name: "worker", argv: ["/bin/sh", "-c", line])]
                    $0.checks = [
                        CheckPolicy("wait", .command(argv: ["/bin/sleep", "1"], exit: 0, stdoutMatches: nil))
                    ]
                }
                policy.sources.removeLast()
                $0.policy = policy
            }
            #expect(report.verdict == "degraded" && report.summary.contains("start.worker"), "\(report.summary)")
        }
    }

    @Test("objectives are held against what was measured: kept, missed (exit 5), and stale before anything is fetched")
    func judgesObjectives() throws {
        let system = try DrilledSystem()
        try system.backUp()
        func drill(rto: Double, rpo: Double, newest: Bool = true) throws -> Report {
            try system.drill {
                var policy = Self.policy { _ in }
                policy.sources.removeLast()
                policy.objectives = ObjectivesPolicy(rpoSeconds: rpo, rtoSeconds: rto)
                $0.policy = policy
                $0.wantsNewest = newest
            }
        }
        let kept = try drill(rto: 600, rpo: 600)
        #expect(kept.verdict == "recovered" && kept.exitCode == 0)
        #expect(kept.objectives.recoveryTimeMet == true && kept.objectives.recoveryPointMet == true)
        let slow = try drill(rto: 1e-6, rpo: 600)
        #expect(slow.verdict == "recovered" && slow.exitCode == 5 && slow.reasons == ["objectiveMissed"])
        #expect(slow.summary.contains("longer than") && slow.remedies.first?.sentence.contains("Shorten") == true)
        Pause.sleep(seconds: 0.01)
        let stale = try drill(rto: 600, rpo: 0.001)
        #expect(stale.verdict == "stale" && stale.exitCode == 5 && stale.evidenceLevel == "L0 present")
        #expect(stale.measuredRecoverySeconds == nil && stale.checks.isEmpty && stale.teardown == "no staging was made")
        #expect(!stale.phases.contains { $0.name == "fetch and load" && $0.shareSeconds > 0 })
        let old = try drill(rto: 600, rpo: 0.001, newest: false)
        #expect(old.verdict == "recovered" && old.objectives.recoveryPointMet == nil)
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test(
        "a phase, a check and a drill that take longer than they may end, say so, and leave nothing",
        arguments: ["phase", "drill", "check"])
    func keepsTimeouts(what: String) throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill {
            var policy = Self.policy { drill in
                let slow = CheckPolicy(
                    "slow", .command(argv: ["/bin/sleep", "60"], exit: 0, stdoutMatches: nil),
                    timeoutSeconds: what == "check" ? 0.2 : nil)
                drill.checks = [slow]
                drill.phaseTimeouts = what == "phase" ? [.prove: 1.5] : [:]
            }
            policy.sources.removeLast()
            $0.policy = policy
            $0.timeoutSeconds = what == "drill" ? 3 : nil
        }
        #expect(report.verdict == "unverifiable" && report.exitCode == 6, "\(report.summary)")
        #expect(report.summary.contains("took longer than"), "\(report.summary)")
        #expect((report.reasons == ["unverifiable"]) == (what == "check"), "\(report.reasons)")
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test(
        "staging that is kept after a failure stays for as long as was asked, and goes with the first drill after that")
    func keepsStaging() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let red = try system.drill {
            $0.beforeChecks = "rm \"$SALVOR_DRILL_FILES/www/empty\""
            $0.keepsFailedStaging = true
            $0.keepSeconds = 2
        }
        #expect(red.verdict == "degraded" && red.teardown.contains("kept"))
        #expect(try system.leftInStaging().count == 1)
        #expect(try system.drill().verdict == "recovered")
        #expect(try system.leftInStaging().count == 1)
        Pause.sleep(seconds: 3)
        #expect(try system.drill().findings.contains { $0.sentence.contains("removed what") })
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("a policy says which of the sources' own checks decide")
    func changesGating() throws {
        let system = try DrilledSystem()
        try system.backUp()
        let report = try system.drill {
            var policy = Self.policy {
                $0.checks = [
                    CheckPolicy("files", .brought(type: "files.manifest", source: nil), isGating: false)
                ]
            }
            policy.sources.removeLast()
            $0.policy = policy
            $0.beforeChecks = "rm \"$SALVOR_DRILL_FILES/www/empty\""
        }
        #expect(report.verdict == "recovered", "\(report.summary)")
        #expect(report.checks.contains { $0.identifier == "files.manifest" && !$0.gating && $0.result == .failed })
    }

    @Test("reports are signed, and each names the one before it by its digest")
    func chainsEvidence() throws {
        let system = try DrilledSystem()
        try system.backUp()
        for _ in 0..<3 { _ = try system.drill() }
        let index = try system.repository.loadIndex()
        let log = EvidenceLog(try system.repository.records(), in: system.repository, index: index)
        let evidence = try log.records.map { try log.read($0) }
        #expect(evidence.map(\.signature) == [.signed, .signed, .signed])
        #expect(
            evidence.map { $0.report["previous"]?.text }
                == [nil, evidence[0].digest, evidence[1].digest])
        #expect(evidence.allSatisfy { $0.report["teardown"]?.text == "staging was removed; nothing is left" })
    }
}
