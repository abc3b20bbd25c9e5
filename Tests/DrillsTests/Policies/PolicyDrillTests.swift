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
    @Test("programs are started, every check of the policy is asked, and the checks are proved: L6, nothing left")
    func recovers() throws {
        let system = try DrilledPolicy.system()
        let policy = DrilledPolicy.policy {
            $0.start = [DrilledPolicy.web]
            $0.checks = DrilledPolicy.everyCheck
        }
        let report = try system.drill {
            $0.policy = policy
            $0.provesChecks = true
        }
        #expect(report.verdict == "recovered", "\(TextReport.render(report))")
        #expect(report.exitCode == 0 && report.evidenceLevel == "L6 usable")
        let identifiers = report.checks.map(\.identifier)
        for wanted in ["policy.sources", "start.web"] + DrilledPolicy.everyCheck.map(\.identifier) {
            #expect(identifiers.contains(wanted))
        }
        #expect(report.checks.allSatisfy { $0.result == .passed }, "\(TextReport.render(report))")
        #expect(report.checks.first { $0.identifier == "self" }?.gating == false)
        #expect(report.proofs.allSatisfy { $0.blind.isEmpty && !$0.caughtBy.isEmpty }, "\(report.proofs)")
        let caught = Set(report.proofs.flatMap(\.caughtBy))
        let claiming = CheckCatalog.all.filter { !$0.claims.isEmpty && $0.adapter != "stdin" }.map { $0.identifier }
        #expect(caught == Set(claiming + DrilledPolicy.everyCheck.map(\.identifier)))
        #expect(Set(report.proofs.map(\.damage)).isSuperset(of: StagedDamage.allCases.map(\.rawValue)))
        #expect(try system.leftInStaging().isEmpty)
        let shares = report.phases.filter(\.counted).reduce(0) { $0 + $1.shareSeconds }
        #expect(abs(shares - (report.measuredRecoverySeconds ?? -1)) < 1e-9)
    }

    @Test(
        "a check that says the same whatever happens is found blind: exit 4, named",
        arguments: [
            DrilledPolicy.sql("one", "SELECT 1", .equals("1")),
            DrilledPolicy.sql("clock", "SELECT extract(year FROM now())", .range(atLeast: 2000, atMost: nil)),
            DrilledPolicy.sql("tautology", "SELECT count(*) >= 0 FROM orders", .equals("t")),
            CheckPolicy("true", .command(argv: ["/bin/true"], exit: 0, stdoutMatches: nil)),
            CheckPolicy(
                "deaf", .command(argv: ["/bin/test", "-d", "{www.path}"], exit: 0, stdoutMatches: nil)),
        ])
    func findsBlindness(check: CheckPolicy) throws {
        let system = try DrilledPolicy.system()
        let policy = DrilledPolicy.policy { $0.checks = [check] }
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
        let system = try DrilledPolicy.system()
        let faults: [(CheckPolicy, String)] = [
            (
                DrilledPolicy.sql("many", "SELECT count(*) FROM orders", .range(atLeast: 9999, atMost: nil)),
                "found 5000"
            ),
            (DrilledPolicy.sql("text", "SELECT name FROM customers LIMIT 1", .equals("nobody")), "a text of"),
            (DrilledPolicy.sql("rows", "SELECT id FROM orders", .equals("1")), "several rows"),
            (DrilledPolicy.sql("none", "SELECT id FROM orders WHERE false", .equals("1")), "no row"),
            (DrilledPolicy.sql("table", "SELECT 1 FROM lost", .equals("1")), "lost"),
            (
                DrilledPolicy.sql("rights", "SELECT count(*) FROM customers", .equals("500"), role: "clerk"),
                "permission denied"
            ),
            (DrilledPolicy.sql("role", "SELECT 1", .equals("1"), role: "nobody"), "the role nobody cannot connect"),
            (
                CheckPolicy(
                    "old",
                    .sqlLag(
                        CheckPolicy.Query(source: "db", text: "SELECT timestamptz '2020-01-01'"), maxSeconds: 60)),
                "before it"
            ),
            (DrilledPolicy.references("SELECT path || 'x' FROM attachments"), "index.htmlx"),
            (DrilledPolicy.references("SELECT '../../lease'", "out"), "../../lease"),
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
            options.policy = DrilledPolicy.policy { $0.checks = faults.map(\.0) }
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
                options.policy = DrilledPolicy.policy {
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
        let report = try system.drill { $0.policy = DrilledPolicy.policy { _ in } }
        #expect(report.verdict == "degraded" && report.exitCode == 4)
        #expect(report.summary.contains("policy.sources: db is not in the snapshot"))
    }

    @Test("paths that lead out of what came back mean nothing there, and nothing outside of it is touched")
    func staysInside() throws {
        let system = try DrilledPolicy.system()
        let outside = try TemporaryFolder("production")
        try outside.write("store/a.png", text: "production")
        let staged = "\"$SALVOR_DRILL_FILES/www\""
        let report = try system.drill { options in
            options.policy = DrilledPolicy.policy {
                $0.checks = [
                    DrilledPolicy.references("SELECT 'cur/a.png'"), DrilledPolicy.references("SELECT '.'", "root"),
                ]
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
        let report = try DrilledPolicy.system().drill { options in
            options.policy = DrilledPolicy.policy {
                $0.checks = [DrilledPolicy.references("SELECT path FROM attachments WHERE false")]
            }
        }
        #expect(report.verdict == "unverifiable" && report.summary.contains("returned no path"), "\(report.summary)")
    }

    @Test("questions run as a role that only reads, whatever the database's own functions try")
    func readsOnly() throws {
        let report = try DrilledPolicy.system().drill { options in
            options.policy = DrilledPolicy.policy {
                $0.checks = [
                    DrilledPolicy.sql(
                        "who", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", .equals("f")),
                    DrilledPolicy.sql("reads", "SELECT count(*) FROM orders", .equals("5000")),
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
            options.policy = DrilledPolicy.policy {
                $0.checks = [
                    DrilledPolicy.sql(
                        "orphans", "SELECT count(*) FROM items LEFT JOIN boxes b ON b.id = box WHERE b.id IS NULL",
                        .equals("0")),
                    DrilledPolicy.sql("quantities", "SELECT count(*) FROM items WHERE qty <= 0", .equals("0")),
                    DrilledPolicy.sql("twice", "SELECT count(*) - count(DISTINCT id) FROM items", .equals("0")),
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
            var policy = DrilledPolicy.policy {
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
            var policy = DrilledPolicy.policy {
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
                var policy = DrilledPolicy.policy {
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
}
