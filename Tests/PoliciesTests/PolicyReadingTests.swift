import Formats
import Policies
import TestDoubles
import Testing

@Suite("Policies")
struct PolicyReadingTests {
    private static let shop = """
        {
          format: 'salvor.policy/1', name: "shop", timezone: "Europe/Berlin",
          repository: { url: "/srv/backup/shop", password: { command: ["pass", "show", "a b"] } },
          sources: {
            db: { adapter: "postgres", connect: "postgres:service=shop", databases: ["shop"], globals: false,
                  exclude: ["public.audit_log"] },
            uploads: { adapter: "files", root: "/srv/shop/uploads", exclude: ["*.tmp"], excludeCaches: true,
                       oneFileSystem: true },
          },
          objectives: { rpo: "1d2h", rto: "45m" },
          drill: {
            staging: "/var/tmp", stagingUser: "nobody", timeout: "90m", timeouts: { engineRecovery: "5m" },
            keepOnFailure: "2h", jobs: 2, select: { at: "2026-11-21T02:30:00Z" }, proveChecks: true,
            postgres: { binaries: "/usr/lib/postgresql/{major}/bin" },
            start: [
              { name: "web", argv: ["/srv/shop/web", "", "{db.url}", "{uploads.path}", "{{literal}}"],
                environment: { PORT: "{port.web}", PGPASSFILE: "/dev/null", PEER: "http://127.0.0.1:{port.mail}" },
                ready: { http: "http://127.0.0.1:{port.web}/healthz", status: 204 } },
              { name: "mail", argv: ["/bin/mail"], ready: { command: ["/bin/true", "{staging}"], within: "5s" } },
            ],
            checks: [
              { id: "paid", type: "sql", source: "db", as: "app", query: "select 1", expect: { atLeast: 1 } },
              { id: "sum", type: "sql", source: "db", query: "select 1", expect: { equals: 1.50 }, gating: false },
              { id: "ok", type: "sql", source: "db", query: "select true", expect: { equals: true } },
              { id: "few", type: "sql", source: "db", query: "select 1", expect: { between: [1, 2.5] } },
              { id: "name", type: "sql", source: "db", query: "select 1", expect: { matches: "^a+$" } },
              { id: "lag", type: "sql.lag", source: "db", query: "select now()", max: "15m", timeout: "10s" },
              { id: "refs", type: "cross.references", source: "db", query: "select path from f", existsIn: "uploads" },
              { id: "self", type: "command", argv: ["/bin/check", "{drill.id}"],
                expect: { exit: 3, stdoutMatches: "ok" } },
              { id: "front", type: "http", url: "http://[::1]:{port.web}/", contains: "Add to cart" },
              { type: "postgres.amcheck", source: "db", gating: false },
              { type: "files.manifest", gating: true },
            ],
          },
        }
        """

    private func read(_ text: String) throws -> Policy {
        try Policy.read(Array(text.utf8), path: Array("shop.json5".utf8))
    }

    @Test("all that a policy may say is read")
    func whole() throws {
        let policy = try read(Self.shop)
        #expect(policy.name == "shop" && policy.timezone == "Europe/Berlin")
        #expect(policy.repository.password == .command(["pass", "show", "a b"]))
        #expect(policy.sources.map(\.name) == ["db", "uploads"])
        var server = PostgresPolicy(connect: "postgres:service=shop")
        (server.databases, server.globals, server.exclude) = (["shop"], false, ["public.audit_log"])
        var files = FilesPolicy(root: "/srv/shop/uploads")
        (files.exclude, files.excludeCaches, files.oneFileSystem) = (["*.tmp"], true, true)
        #expect(policy.sources.map(\.adapter) == [.postgres(server), .files(files)])
        #expect(policy.objectives == ObjectivesPolicy(rpoSeconds: 93_600, rtoSeconds: 2700))
        let digits = policy.digest.utf8.count
        #expect(policy.path == Array("shop.json5".utf8) && digits == 64)
    }

    @Test("all that a policy may say of a drill is read")
    func drill() throws {
        let drill = try read(Self.shop).drill
        #expect(drill.staging == "/var/tmp" && drill.stagingUser == "nobody" && drill.timeoutSeconds == 5400)
        #expect(drill.phaseTimeouts == [.engineRecovery: 300] && drill.keepOnFailureSeconds == 7200 && drill.jobs == 2)
        #expect(drill.selection == .at("2026-11-21T02:30:00Z") && drill.provesChecks)
        #expect(drill.postgresBinaries == "/usr/lib/postgresql/{major}/bin")
        #expect(drill.start[0].argv == ["/srv/shop/web", "", "{db.url}", "{uploads.path}", "{{literal}}"])
        #expect(drill.start[0].environment.map(\.name) == ["PORT", "PGPASSFILE", "PEER"])
        let ready = ProcessPolicy.Readiness(
            probe: .http(url: "http://127.0.0.1:{port.web}/healthz", status: 204), withinSeconds: 60)
        #expect(drill.start[0].ready == ready)
        #expect(drill.start[1].ready == .init(probe: .command(["/bin/true", "{staging}"]), withinSeconds: 5))
    }

    @Test("all kinds of checks are read")
    func checks() throws {
        let checks = try read(Self.shop).drill.checks
        let query = CheckPolicy.Query(source: "db", text: "select 1")
        let expected: [CheckPolicy] = [
            .init(
                "paid",
                .sql(.init(source: "db", role: "app", text: "select 1"), expect: .range(atLeast: 1, atMost: nil))),
            .init("sum", .sql(query, expect: .equals("1.50")), isGating: false),
            .init("ok", .sql(.init(source: "db", text: "select true"), expect: .equals("t"))),
            .init("few", .sql(query, expect: .range(atLeast: 1, atMost: 2.5))),
            .init("name", .sql(query, expect: .matches("^a+$"))),
            .init("lag", .sqlLag(.init(source: "db", text: "select now()"), maxSeconds: 900), timeoutSeconds: 10),
            .init(
                "refs",
                .crossReferences(.init(source: "db", text: "select path from f"), existsIn: "uploads", missing: 0)),
            .init("self", .command(argv: ["/bin/check", "{drill.id}"], exit: 3, stdoutMatches: "ok")),
            .init("front", .http(url: "http://[::1]:{port.web}/", status: 200, contains: "Add to cart", matches: nil)),
            .init("db.postgres.amcheck", .brought(type: "postgres.amcheck", source: "db"), isGating: false),
            .init("files.manifest", .brought(type: "files.manifest", source: nil)),
        ]
        #expect(checks == expected)
    }

    @Test("what is not said is as it is without a policy")
    func smallest() throws {
        let policy = try read(
            """
            {format: "salvor.policy/1", name: "a", repository: {url: "r", password: {env: "PW"}},
             sources: {a: {adapter: "files", root: "/a"}}}
            """)
        #expect(policy.drill == DrillPolicy() && policy.objectives == ObjectivesPolicy() && policy.timezone == "UTC")
        #expect(policy.sources[0].adapter == .files(FilesPolicy(root: "/a")))
    }

    @Test("a policy with any byte changed is read or refused with places inside of it, and nothing breaks")
    func mutations() {
        let random = SeededRandomness(seed: 41)
        let whole = Array(Self.shop.utf8)
        var refused = 0
        for _ in 0..<3000 {
            var text = whole
            let place = random.next(below: text.count)
            switch random.next(below: 3) {
            case 0: text[place] = Array(#"{}[]",:0a\"#.utf8)[random.next(below: 10)]
            case 1: text.removeSubrange(place..<min(text.count, place + 1 + random.next(below: 30)))
            default: text.insert(contentsOf: text[place..<min(text.count, place + random.next(below: 40))], at: place)
            }
            do throws(PolicyMistakes) { _ = try Policy.read(text, path: []) } catch {
                refused += 1
                let lines = text.count { $0 == 0x0a } + 1
                #expect(!error.mistakes.isEmpty && error.mistakes.allSatisfy { (1...lines).contains($0.place.line) })
            }
        }
        #expect(refused > 1500, "\(refused)")
    }
}
