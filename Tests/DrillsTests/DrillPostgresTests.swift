import Backups
import DataSources
import Drills
import Platform
import Reports
import Repositories
import TestDoubles
import Testing

/// A drill of files and a database together, with a real server on both sides.
@Suite(.serialized)
struct DrillPostgresTests {
    /// A snapshot of files and a database, taken from a server that is gone by then.
    private func systemWithDatabase() throws -> DrilledSystem {
        let server = try ThrowawayPostgres()
        try server.psql(ShopDatabase.definition)
        try server.psql(ShopDatabase.tables, "shop")
        let system = try DrilledSystem()
        try system.backUp([BackupPlan.Source(name: "db", adapter: PostgresAdapter(try server.location("shop")))])
        return system
    }

    @Test("files and a database come back together: every check green, the phases add up, nothing is left")
    func recovers() throws {
        let system = try systemWithDatabase()
        let report = try system.drill()
        #expect(report.verdict == "recovered", "\(TextReport.render(report))")
        #expect(report.exitCode == 0)
        #expect(report.evidenceLevel == "L5 equal")
        #expect(
            report.checks.map(\.identifier) == [
                "files.manifest", "postgres.rowCounts", "postgres.checksums", "postgres.structure",
                "postgres.amcheck",
            ])
        #expect(report.checks.filter { !$0.gating }.map(\.identifier) == ["postgres.amcheck"])
        #expect(report.checks.allSatisfy { $0.result == .passed && $0.compared > 0 })
        #expect(report.largest.contains { $0.name.contains("public.orders") })
        for phase in ["provision", "fetch and load", "engine recovery", "start", "prove"] {
            #expect(report.phases.contains { $0.name == phase && $0.shareSeconds > 0 }, "\(phase)")
        }
        let shares = report.phases.filter(\.counted).reduce(0) { $0 + $1.shareSeconds }
        #expect(abs(shares - (report.measuredRecoverySeconds ?? -1)) < 1e-9)
        #expect(report.conditions.contains { $0.key == "serverNetwork" && $0.value.contains("unix socket only") })
        #expect(report.notTested.contains { $0.contains("tablespaces") })
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("whatever is changed in the database turns it red with exit 4, and the object is named")
    func notices() throws {
        let changes = [
            ("UPDATE orders SET total = total + 1 WHERE id = 4711", "public.orders", "postgres.checksums"),
            ("DELETE FROM orders WHERE id = 17", "public.orders", "postgres.rowCounts"),
            ("INSERT INTO customers VALUES (9999, 'new', 'ok')", "public.customers", "postgres.rowCounts"),
            ("DROP INDEX orders_by_total", "orders_by_total", "postgres.structure"),
            ("ALTER SEQUENCE customers_id_seq RESTART WITH 7", "customers_id_seq", "postgres.structure"),
            ("CREATE OR REPLACE VIEW rich AS SELECT * FROM orders", "rich", "postgres.structure"),
            ("SELECT lo_unlink(oid) FROM pg_largeobject_metadata", "large objects", "postgres.checksums"),
        ]
        let system = try systemWithDatabase()
        for (statement, object, check) in changes {
            let report = try system.drill {
                $0.beforeChecks = "psql -Xqv ON_ERROR_STOP=1 \"$SALVOR_DRILL_DATABASE_URL_SHOP\" -c \"\(statement)\""
            }
            #expect(report.verdict == "degraded", "\(report.summary)")
            #expect(report.exitCode == 4)
            let failed = report.checks.filter { $0.result == .failed }
            #expect(failed.contains { $0.identifier == check }, "\(statement)")
            let named = failed.contains { $0.differing.contains { text in text.contains(object) } }
            #expect(named, "\(statement)")
            #expect(report.summary.contains(check))
            #expect(report.evidenceLevel == "L3 materialised")
            #expect(try system.leftInStaging().isEmpty)
        }
    }

    @Test("a server that is ended under the drill makes it unverifiable or unrecoverable, never green")
    func noticesADeadServer() throws {
        let system = try systemWithDatabase()
        let report = try system.drill {
            $0.beforeChecks = "kill -9 $(head -1 pg1/postmaster.pid) && sleep 1"
        }
        #expect(report.verdict == "unverifiable", "\(report.summary)")
        #expect(report.checks.contains { $0.result == .notRun })
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("without the server's programs the drill is unverifiable, exit 6, and names the package")
    func namesThePackage() throws {
        let system = try systemWithDatabase()
        let report = try system.drill { $0.serverPrograms = "/nonexistent" }
        #expect(report.verdict == "unverifiable")
        #expect(report.exitCode == 6)
        #expect(report.findings.contains { $0.sentence.contains("postgresql-") })
        #expect(try system.leftInStaging().isEmpty)
    }

    @Test("two servers' databases in one snapshot come back side by side")
    func recoversTwoServers() throws {
        let first = try ThrowawayPostgres()
        let second = try ThrowawayPostgres()
        for server in [first, second] { try server.psql("CREATE ROLE clerk;" + ShopDatabase.tables) }
        let system = try DrilledSystem()
        try system.backUp([
            BackupPlan.Source(name: "one", adapter: PostgresAdapter(try first.location("postgres"))),
            BackupPlan.Source(name: "two", adapter: PostgresAdapter(try second.location("postgres"))),
        ])
        let report = try system.drill()
        #expect(report.verdict == "recovered", "\(TextReport.render(report))")
        #expect(report.checks.count == 9)
        #expect(try system.leftInStaging().isEmpty)
    }
}
