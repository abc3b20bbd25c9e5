import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("restore and check on the command line")
struct RestoreTests {
    /// A repository with one snapshot of the shop's files.
    private func saved() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        #expect(workshop.run("backup", "shop").exit == 0)
        return workshop
    }

    private func text(_ workshop: Workshop, _ path: String) throws -> String {
        String(decoding: try FileTree.read(workshop.folder.path(path), limit: 100), as: UTF8.self)
    }

    @Test("a whole snapshot goes to DIR/NAME, an item's contents to DIR, a file to DIR under its name")
    func places() throws {
        let workshop = try saved()
        #expect(workshop.run("restore", "latest", "--target", "whole").exit == 0)
        #expect(try text(workshop, "whole/shop/index.html") == "hello\n")
        #expect(workshop.run("restore", "latest:shop", "--target", "contents").exit == 0)
        #expect(try text(workshop, "contents/index.html") == "hello\n")
        let one = workshop.run("restore", "latest:shop/index.html", "--target", "one", "--json")
        #expect(one.exit == 0)
        #expect(try text(workshop, "one/index.html") == "hello\n")
        #expect(try Workshop.result(one)["files"]?.whole == 1)
    }

    @Test("an existing different item is refused before anything is written, and replaced when that is wanted")
    func overwriting() throws {
        let workshop = try saved()
        try workshop.folder.write("back/index.html", text: "mine\n")
        let refused = workshop.run("restore", "latest:shop", "--target", "back")
        #expect(refused.exit == 9)
        #expect(refused.errors.contains("index.html"))
        #expect(workshop.run("restore", "latest:shop", "--target", "back", "--dry-run").exit == 9)
        #expect(failure { _ = try FileStatus(of: workshop.folder.path("back/uploads"), following: false) } != nil)
        #expect(workshop.run("restore", "latest:shop", "--target", "back", "--overwrite", "if-changed").exit == 0)
        #expect(try text(workshop, "back/index.html") == "hello\n")
        #expect(workshop.run("restore", "latest:shop", "--target", "back").exit == 0)
    }

    @Test("a dry run writes nothing")
    func dryRun() throws {
        let workshop = try saved()
        let said = workshop.run("restore", "latest", "--target", "back", "--dry-run")
        #expect(said.exit == 0)
        #expect(said.output.contains("would restore 3 files"))
        #expect(failure { _ = try FileStatus(of: workshop.folder.path("back"), following: false) } != nil)
    }

    @Test("--original puts a lost file, a lost directory and a single-file source back where they were")
    func original() throws {
        let workshop = try saved()
        #expect(workshop.run("backup", "page=shop/index.html").exit == 0)
        try FileTree.remove(workshop.folder.path("shop/uploads"))
        #expect(workshop.run("restore", "latest~1:shop/uploads", "--original").exit == 0)
        #expect(try FileTree.read(workshop.folder.path("shop/uploads/b") + [0xff], limit: 10) == [1])
        try FileTree.remove(workshop.folder.path("shop/index.html"))
        #expect(workshop.run("restore", "latest:page", "--original").exit == 0)
        #expect(try text(workshop, "shop/index.html") == "hello\n")
        try FileTree.remove(workshop.folder.path("shop"))
        #expect(workshop.run("restore", "latest~1", "--original").exit == 0)
        #expect(try text(workshop, "shop/index.html") == "hello\n")
    }

    @Test(
        "a place that is missing, doubled or does not fit its options is wrong usage",
        arguments: [
            [], ["--target", "a", "--original"], ["--target", "a", "--into", "postgres://h/d"],
            ["--target", "a", "--globals"],
            ["--original", "--jobs", "2"], ["--into", "postgres://h/d", "--numeric-owner"],
            ["--into", "postgres://h/d", "--overwrite", "if-changed"], ["--into", "/some/path"],
            ["--into", "postgres://u:secret@h/d"], ["--target", "a", "--overwrite", "sometimes"],
            ["--into", "postgres://h/d", "--jobs", "0"],
        ])
    func usage(words: [String]) {
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console, environment: ["SALVOR_REPOSITORY": "/no-such-repository"],
            workingDirectory: [0x2f], cancellation: NeverCancelled(), clock: SystemClock())
        #expect(program.run((["restore", "latest"] + words).map { Array($0.utf8) }) == 2, "\(console.errors)")
        #expect(!console.errors.contains("secret"))
    }

    @Test("check says that a repository is whole, and names a pack that is not")
    func checking() throws {
        let workshop = try saved()
        let whole = workshop.run("check", "--read-data")
        #expect(whole.exit == 0)
        #expect(whole.output.contains("the repository is whole"))
        let packs = try Directory(Array("\(workshop.repository)/packs".utf8))
        for name in try packs.names() {
            let folder = Array("\(workshop.repository)/packs/".utf8) + name
            for pack in try Directory(folder).names() {
                let path = folder + [0x2f] + pack
                var bytes = try FileTree.read(path, limit: 1 << 20)
                bytes[60] ^= 1
                try FileTree.write(bytes, to: path)
            }
        }
        let damaged = workshop.run("check", "--read-data", "--json")
        #expect(damaged.exit == 13)
        let result = try Workshop.result(damaged)
        #expect(result["reasons"] == ["damaged"])
        #expect((result["damages"]?.whole ?? 0) >= 2)
        #expect(result["damaged"]?.elements?.first?["object"]?.text?.hasPrefix("packs/") == true)
        #expect(damaged.errors.contains("packs/"))
        #expect(workshop.run("restore", "latest", "--target", "back").exit == 13)
        #expect(workshop.run("dump", "latest:shop/index.html").exit == 13)
        #expect(workshop.run("dump", "latest:shop/index.html", "--output", "half").exit == 13)
        #expect(failure { _ = try FileStatus(of: workshop.folder.path("half"), following: false) } != nil)
    }

    @Test("a database goes into a server, is refused where one is, and comes as files too")
    func database() throws {
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql("CREATE TABLE item (id int PRIMARY KEY, name text); INSERT INTO item VALUES (1, 'a')", "shop")
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        let base = "postgres:host=\(server.directory.path) user=postgres"
        let saved = workshop.run("backup", "shop", "db=\(base) dbname=shop")
        #expect(saved.exit == 0, "\(saved.errors)")
        let restored = workshop.run("restore", "latest:db", "--into", "\(base) dbname=copy", "--json")
        #expect(restored.exit == 0, "\(restored.errors)")
        #expect(try Workshop.result(restored)["rows"]?.whole == 1)
        #expect(try server.psql("SELECT name FROM item", "copy") == "a")
        #expect(workshop.run("restore", "latest:db", "--into", "\(base) dbname=copy").exit == 9)
        #expect(
            workshop.run("restore", "latest:db", "--into", "\(base) dbname=copy", "--overwrite", "always").exit == 0)
        // A dry run looks at the server: what the run itself would refuse is refused, and nothing is made.
        #expect(workshop.run("restore", "latest:db/shop", "--into", base, "--dry-run").exit == 9)
        let dry = workshop.run("restore", "latest:db/shop", "--into", "\(base) dbname=dry", "--dry-run")
        #expect(dry.exit == 0 && dry.output.contains("would restore shop"), "\(dry.errors)")
        #expect(try server.psql("SELECT count(*) FROM pg_database WHERE datname = 'dry'") == "0")
        let table = "latest:db/shop/tables/public.item"
        let part = workshop.run("restore", table, "--into", "\(base) dbname=part", "--json")
        #expect(part.exit == 0, "\(part.errors)")
        #expect(try Workshop.result(part)["rows"]?.whole == 1)
        #expect(try server.psql("SELECT name FROM item", "part") == "a")
        #expect(workshop.run("restore", table, "--into", "\(base) dbname=part", "--dry-run").exit == 9)
        let items = ["latest:db/other", "latest:shop", "latest:db/shop/tables", "latest:db/shop/tables/public.no"]
        for item in items {
            #expect(workshop.run("restore", item, "--into", "\(base) dbname=new").exit == 2, "\(item)")
        }
        #expect(workshop.run("restore", "latest:db", "--original").exit == 2)
        #expect(workshop.run("restore", "latest:db", "--target", "files").exit == 0)
        #expect(try !FileTree.read(workshop.folder.path("files/globals.sql"), limit: 1 << 20).isEmpty)
    }

    @Test("a table that a role may not read is named with exit 3, and a server that is away is exit 14")
    func partial() throws {
        let server = try ThrowawayPostgres()
        try server.psql(
            """
            CREATE ROLE reader LOGIN; CREATE TABLE open (x int); CREATE TABLE closed (x int);
            GRANT SELECT ON open TO reader;
            """)
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        let said = workshop.run(
            "backup", "db=postgres:host=\(server.directory.path) user=reader dbname=postgres", "--json")
        #expect(said.exit == 3, "\(said.errors)")
        #expect(said.errors.contains("public.closed"))
        #expect(try Workshop.result(said)["snapshot"]?.text?.count == 32)
        #expect(workshop.run("snapshots").output.contains("db*"))
        server.stop()
        let away = workshop.run("backup", "db=postgres:host=\(server.directory.path) user=reader dbname=postgres")
        #expect(away.exit == 14)
    }
}
