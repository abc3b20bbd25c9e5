import Formats
import Platform
import TestDoubles
import Testing

@Suite("Policies, by the built program")
struct PolicyTests {
    /// A policy in the folder of a test; `sources` is what stands between the braces.
    private func policy(_ salvor: Salvor, _ sources: String, drill: String = "{}") throws -> String {
        let text = """
            // Made by a test.
            {
              format: "salvor.policy/1",
              name: "shop",
              repository: { url: "policy-repository", password: { file: "pw" } },
              sources: { \(sources) },
              drill: \(drill),
            }
            """
        try FileTree.write(Array(text.utf8), to: salvor.folder.path("shop.json5"))
        try FileTree.write(Array("another horse\n".utf8), to: salvor.folder.path("pw"))
        return "\(salvor.folder.path)/shop.json5"
    }

    @Test("a wrong policy ends with exit code 8, all its mistakes named with file, line and column")
    func invalid() throws {
        let salvor = try Salvor("policy")
        let folder = "\(Salvor.top)/Tests/PoliciesTests/invalid"
        let all = try Directory(Array(folder.utf8)).names().map { String(decoding: $0, as: UTF8.self) }
        for name in ["everything-at-once", "later-retention", "password-literal", "duplicate-key", "comma-missing"] {
            try #require(all.contains("\(name).json5"))
            let path = "\(folder)/\(name).json5"
            let text = String(decoding: try FileTree.read(Array(path.utf8), limit: 1 << 20), as: UTF8.self)
            let expected = text.split(separator: "\n").filter { $0.hasPrefix("//! ") }.map { line in
                "\(path):" + line.dropFirst(4).prefix { $0 != " " } + ": "
            }
            for words in [["policy", "check", path], ["policy", "explain", path], ["backup", "--policy", path]] {
                let result = try salvor.run(words)
                #expect(result.exit == 8, "\(result.said)")
                for place in expected { #expect(result.errors.contains("salvor: \(place)"), "\(result.said)") }
                let told = result.errors.split(separator: "\n").count { $0.hasPrefix("salvor: ") }
                #expect(told == expected.count)
            }
            let json = try salvor.run(["backup", "--policy", path, "--json"]).json()
            #expect(json["problems"]?.elements?.count == expected.count && json["reasons"] == ["policy"])
        }
    }

    @Test("a policy says what is saved, where, and how it is opened, to every verb")
    func files() throws {
        let salvor = try Salvor("policy")
        try salvor.shell(
            """
            mkdir -p data/cache data/deep; echo a > data/a.txt; echo b > data/b.tmp; echo c > data/deep/c.txt
            printf 'Signature: 8a477f597d28d172789f06886806bc55' > data/cache/CACHEDIR.TAG; echo d > data/cache/d
            """)
        let path = try policy(
            salvor,
            """
            docs: { adapter: 'files', root: '\(salvor.folder.path)/data', exclude: ['*.tmp', '*.never'],
                    excludeCaches: true }
            """)
        try salvor.succeeds("init", "--policy", path)
        let made = try salvor.succeeds("backup", "--policy", path, "--json").json()
        #expect(made["system"] == "shop")
        #expect(made["sources"]?.elements?.first?["selection"]?["exclude"] == ["*.tmp", "*.never"])
        let unused = made["findings"]?.elements ?? []
        #expect(
            unused.contains { $0["object"]?.text?.contains("shop.json5: sources.docs.exclude") == true }, "\(unused)")
        let list = try salvor.succeeds("ls", "latest", "-p", path).output
        #expect(list == "docs\ndocs/a.txt\ndocs/cache\ndocs/cache/CACHEDIR.TAG\ndocs/deep\ndocs/deep/c.txt\n")
        for words in [["snapshots"], ["check"], ["find", "a.txt"], ["drill"]] {
            let result = try salvor.run(words + ["-p", path])
            #expect(result.exit == 0, "\(words): \(result.said)")
        }
        try salvor.succeeds("restore", "latest", "--target", "\(salvor.folder.path)/back", "-p", path)
        #expect(try salvor.shell("cat back/docs/a.txt") == "a\n")
        // The variables of the tests name another repository, which does not exist: the policy went before them.
        #expect(try salvor.objects().isEmpty)
        try salvor.fails(10, naming: [salvor.repository], "snapshots", "-p", path, "-r", salvor.repository)
    }

    @Test("a table whose rows are left out comes back empty, is told, and is compared by nobody")
    func excludedTable() throws {
        let salvor = try Salvor("policy")
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(
            """
            CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 40) i;
            CREATE TABLE audit_log AS SELECT i AS id FROM generate_series(1, 30) i;
            """, "shop")
        let path = try policy(
            salvor,
            """
            db: { adapter: 'postgres', connect: 'postgres:host=\(server.directory.path) user=postgres',
                  databases: ['shop'], exclude: ['public.audit_log'] }
            """)
        try salvor.succeeds("init", "--policy", path)
        let made = try salvor.succeeds("backup", "--policy", path, "--json").json()
        let location = made["sources"]?.elements?.first?["location"]?.text
        #expect(location == "postgres:host=\(server.directory.path) user=postgres databases='shop'")
        let drill = try salvor.succeeds("drill", "--policy", path, "--json").json()
        let untested = drill["notTested"]?.elements?.compactMap(\.text) ?? []
        #expect(
            untested.contains { $0.contains("public.audit_log: its rows are left out by the policy") }, "\(untested)")
        let target = try ThrowawayPostgres()
        let into = "postgres:host=\(target.directory.path) user=postgres dbname=postgres"
        let whole = try salvor.succeeds("restore", "latest:db", "--into", into, "--verify", "-p", path)
        #expect(whole.errors.contains("public.audit_log: its rows are left out by the policy"), "\(whole.said)")
        #expect(try target.psql("SELECT count(*) FROM orders") == "40")
        #expect(try target.psql("SELECT count(*) FROM audit_log") == "0")
        // What is empty in the snapshot never takes the place of rows.
        let live = "postgres:host=\(server.directory.path) user=postgres dbname=shop"
        try salvor.fails(
            9, naming: ["does not hold the rows of public.audit_log"], "restore",
            "latest:db/shop/tables/public.audit_log",
            "--into", live, "--overwrite", "always", "-p", path)
        #expect(try server.psql("SELECT count(*) FROM audit_log", "shop") == "30")
    }
}
