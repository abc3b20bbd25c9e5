import DataSources
import Formats
import TestDoubles
import Testing

@Suite("A database with every kind of object, backed up by roles that may read it wholly and in part")
struct RolesTests {
    /// What came of a backup and a restore: what was told, and both servers.
    private struct Passage {
        var exit: Int32
        var missing: [String]
        var partial: [String]
        var source: ThrowawayPostgres
        var target: ThrowawayPostgres

        /// What psql says of a table that is told nothing of and that is not the same in both servers.
        func differences() throws -> [Substring] {
            let names = missing.map { $0.dropFirst("torture: ".count) }.map { "$name$\($0)$name$" }
            // Names as the contents show them, and with them the partitioned tables that lack a partition.
            let told = try source.psql(
                """
                WITH missing AS (
                    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname || '.' || c.relname IN (\((names + ["''"]).joined(separator: ", "))))
                SELECT oid::regclass FROM missing
                UNION SELECT a.relid FROM missing, pg_partition_ancestors(missing.oid) a
                """, TortureDatabase.name
            ).split(separator: "\n")
            let expected = try TortureDatabase.contents(source).filter { line in
                !told.contains { line == $0 || line.hasPrefix($0 + "|") }
            }
            try #require(expected.count > 10)
            let found = try TortureDatabase.contents(target)
            return expected.filter { !found.contains($0) }
        }
    }

    private static func pass(_ role: String, _ prepare: String) throws -> Passage {
        let salvor = try Salvor.withRepository("roles")
        let source = try TortureDatabase().server
        try source.psql(
            """
            ALTER EVENT TRIGGER forbid DISABLE;
            ALTER EVENT TRIGGER forbid_always DISABLE;
            CREATE ROLE half LOGIN;
            CREATE ROLE observer LOGIN;
            GRANT CONNECT ON DATABASE torture TO half, observer;
            GRANT pg_read_all_data TO observer;
            \(prepare)
            ALTER EVENT TRIGGER forbid ENABLE;
            ALTER EVENT TRIGGER forbid_always ENABLE ALWAYS;
            """, TortureDatabase.name)
        let address = "shop=postgres:host=\(source.directory.path) user=\(role) dbname=\(TortureDatabase.name)"
        let backup = try salvor.run("backup", "--json", address)
        let sources = try #require(try backup.json()["sources"]?.elements, "\(backup.said)")
        #expect(!backup.said.contains("s3cr"), "no secret that the role may read is shown")
        let findings = try #require(sources.first?["findings"]?.elements)
        let missing = findings.filter { $0["weight"]?.text == "missing" }.compactMap { $0["object"]?.text }
        // The ledger in the snapshot says the same as the findings.
        let manifest = try salvor.succeeds("dump", "latest:shop/torture/manifest.json").bytes
        let coverage = try JSONParser.parse(manifest)["coverage"]
        func listed(_ key: String) throws -> [String] {
            try #require(coverage?[key]?.elements).compactMap { $0["object"]?.text }.sorted()
        }
        #expect(try listed("missing") == missing.map { String($0.dropFirst("torture: ".count)) }.sorted())
        let target = try TortureDatabase.emptyServer()
        _ = try salvor.run("restore", "latest:shop", "--globals", "--into", TortureDatabase.address(target))
        return Passage(
            exit: backup.exit, missing: missing.sorted(), partial: try listed("partial"), source: source, target: target
        )
    }

    private static let forSuperusers = [
        "subscription feed", "subscription slotless",
        "user mapping of owner_one on far", "user mapping of public on far",
    ]

    /// What is in part elsewhere, or read in another way, whoever looks.
    private static let elsewhere = ["app.abroad", "app.other_method", "app.partition_abroad"]

    private static func named(_ objects: [String]) -> [String] { objects.map { "torture: \($0)" }.sorted() }

    @Test("a superuser saves all of it: exit 0, and nothing is missing")
    func superuser() throws {
        let passage = try Self.pass("postgres", "")
        #expect(passage.exit == 0)
        #expect(passage.missing == [])
        #expect(passage.partial == Self.elsewhere + ["feed", "slotless"])
        #expect(try passage.differences() == [])
    }

    @Test("a role that reads all data misses what only a superuser may read, and rows that a policy hides: exit 3")
    func readsAllData() throws {
        let passage = try Self.pass("observer", "")
        #expect(passage.exit == 3)
        #expect(passage.missing == Self.named(["app.secret_rows", "app.toasted"] + Self.forSuperusers))
        #expect(try passage.differences() == [])
        #expect(passage.partial == Self.elsewhere)
        let found = try Set(TortureDatabase.definitions(passage.target))
        let lost = try TortureDatabase.definitions(passage.source).filter { !found.contains($0) }
        #expect(
            lost.map { String($0.drop { $0 == " " }) } == [
                "CREATE USER MAPPING FOR owner_one SERVER far OPTIONS (", #"password E's3cr''et\\',"#, #""user" 'u'"#,
                "CREATE USER MAPPING FOR public SERVER far OPTIONS (", "password_required 'false',", #""user" 'p'"#,
            ], "the options of the user mappings are all that is missing")
        #expect(try TortureDatabase.others(passage.target) == TortureDatabase.others(passage.source))
    }

    /// Every second table belongs to `half`, which may look into two of the schemas. It may read one column of a table
    /// that is not its own, and is under a policy that binds the owner too.
    private static let halves = """
        GRANT USAGE ON SCHEMA app, "Mixed Case" TO half;
        DO $$ DECLARE t record; BEGIN
            FOR t IN SELECT * FROM (SELECT c.oid::regclass AS name, row_number() OVER (
                    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C") AS n
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'extra')) all_of
                WHERE n % 2 = 0
            LOOP EXECUTE format('ALTER TABLE %s OWNER TO half', t.name); END LOOP;
        END $$;
        GRANT SELECT (id) ON app.orders TO half;
        ALTER TABLE app.secret_rows OWNER TO half;
        """

    @Test("an owner of half of the tables saves those, and each other thing is named: exit 3")
    func ownsHalf() throws {
        let passage = try Self.pass("half", Self.halves)
        #expect(passage.exit == 3)
        let tables = [
            #"Mixed Case.T"able 'x'"#, "app.CASE", "app.ancestor", "app.bare_default", "app.bare_generated",
            "app.by_mood_0", "app.by_mood_2", "app.by_text_0", "app.case", "app.elsewhere", "app.grandchild",
            "app.measure", "app.measure_2025_a", "app.measure_2025_rest_0", "app.measure_2025_rest_3",
            "app.no_partitions", "app.only_dropped", "app.orders", "app.rows_of", "app.second_ancestor", "app.toasted",
            "app.sixty-three bytes of a name, that is all that the server keeps!", "app.typed", "app.values",
            "with.dot/slash%and~tilde.we.ird/na~me%\nand a line",
        ]
        let heirs = ["app.adopted", "app.heir"]
        let filtered = ["app.secret_rows"]
        let extensions = ["extra.aaa_item", "extra.list", "extra.numbers"]
        let sequences = [
            #"Mixed Case.Owned "by"#, "app.detached", "app.downwards", "app.exhausted", "app.orders_id_seq",
            "app.round", "app.unlogged_one", "app.untouched", "app.values_id_seq",
        ]
        #expect(
            passage.missing
                == Self.named(
                    tables + heirs + filtered + extensions + sequences + ["large objects"] + Self.forSuperusers))
        #expect(passage.partial == Self.elsewhere + ["table constraint cycle on app.customer"])
        #expect(try passage.differences() == [])
        let count = "SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname IN ('detached', 'exhausted')"
        #expect(try passage.target.psql(count, TortureDatabase.name) == "2", "their definitions are there")
    }
}
