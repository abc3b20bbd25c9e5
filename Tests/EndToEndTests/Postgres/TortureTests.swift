import DataSources
import Formats
import TestDoubles
import Testing

@Suite("A database with every kind of object comes back")
struct TortureTests {
    private func isSame(
        _ target: ThrowawayPostgres, as source: ThrowawayPostgres, location: SourceLocation = #_sourceLocation
    ) throws {
        func compare(_ what: String, _ ask: (ThrowawayPostgres) throws -> [Substring]) throws {
            let (expected, found) = (try ask(source), try ask(target))
            try #require(expected.count > 10, sourceLocation: location)
            let differences = found.difference(from: expected).map { "\($0)" }
            #expect(differences == [], "\(what)", sourceLocation: location)
        }
        try compare("definitions", TortureDatabase.definitions)
        try compare("roles", TortureDatabase.roles)
        try compare("contents", TortureDatabase.contents)
        try compare("others", TortureDatabase.others)
    }

    @Test("into another server, as pg_dump and psql see it")
    func intoServer() throws {
        let salvor = try Salvor.withRepository("torture")
        let source = try TortureDatabase().server
        try salvor.succeeds("backup", "shop=" + TortureDatabase.address(source))
        let target = try TortureDatabase.emptyServer()
        let restored = try salvor.succeeds(
            "restore", "latest:shop", "--globals", "--into", TortureDatabase.address(target))
        #expect(!restored.said.contains("not analysed"), "\(restored.said)")
        try isSame(target, as: source)
        // Nothing of it reaches out, and nothing of it is in the way of dropping it.
        #expect(try target.psql("SELECT count(*) FROM pg_subscription") == "0")
        try target.psql("DROP DATABASE torture")
    }

    /// As the README in the files says, by programs of PostgreSQL alone.
    private func load(_ folder: String, into target: ThrowawayPostgres, _ salvor: Salvor) throws {
        let psql = "\(target.binaries.path("psql")) -X -h \(target.directory.path) -U postgres"
        try salvor.shell(
            """
            cd \(folder)
            grep -q 'psql -X -v ON_ERROR_STOP=1 -f restore.sql newdb' README
            \(psql) -f ../roles.sql postgres
            \(psql) -f create.sql -v name=torture postgres
            \(psql) -v ON_ERROR_STOP=1 -f restore.sql torture
            """)
    }

    @Test("from files, by psql alone")
    func fromFiles() throws {
        let salvor = try Salvor.withRepository("torture")
        let source = try TortureDatabase().server
        try salvor.succeeds("backup", "shop=" + TortureDatabase.address(source))
        let again = try salvor.succeeds("backup", "--json", "shop=" + TortureDatabase.address(source)).json()
        let stored = try #require(again["bytesStored"]?.whole)
        #expect(stored < 64 << 10, "the second night of the same database stores \(stored) bytes")
        try salvor.succeeds("restore", "latest:shop", "--target", "\(salvor.folder.path)/files")
        let folder = "\(salvor.folder.path)/files/torture"
        let target = try TortureDatabase.emptyServer()
        try load(folder, into: target, salvor)
        try isSame(target, as: source)
        #expect(try target.psql("SELECT count(*) FROM pg_subscription") == "0")
        // A psql that knows no \\restrict loads the same; here it is only told that it is an old one.
        let old = "sed -i 's/:VERSION_NUM/120000/g' restore.sql"
        try salvor.shell("cd \(folder) && cp restore.sql kept && \(old) && ! cmp -s restore.sql kept")
        let older = try TortureDatabase.emptyServer()
        try load(folder, into: older, salvor)
        try isSame(older, as: source)
        // What a hostile server hid in the definitions is not run, unless psql is too old to be told.
        let psql = "\(target.binaries.path("psql")) -X -h \(target.directory.path) -U postgres"
        try target.psql("CREATE DATABASE hostile; CREATE DATABASE hostile_too")
        let told = try salvor.shell(
            """
            cd \(folder); mv kept restore.sql
            { head -40 pre-data.sql; echo '\\! touch ran'; tail -n +41 pre-data.sql; } > more; mv more pre-data.sql
            ! \(psql) -f restore.sql hostile 2>&1; test ! -e ran
            \(old); \(psql) -f restore.sql hostile_too; test -e ran
            """)
        #expect(told.contains("backslash commands are restricted"), "\(told)")
    }

    @Test("in another encoding than UTF-8, from files by psql alone")
    func otherEncoding() throws {
        let salvor = try Salvor.withRepository("latin")
        let source = try ThrowawayPostgres(encoding: "LATIN1", locale: "C")
        try source.psql("CREATE DATABASE torture")
        try source.psql(
            """
            SET client_encoding = 'UTF8';
            CREATE SCHEMA "Größe";
            CREATE TABLE "Größe"."naïve" ("Spalte ä" text DEFAULT 'ö', n serial PRIMARY KEY);
            INSERT INTO "Größe"."naïve" SELECT 'ÄÖÜ ß' || i FROM generate_series(1, 100) i;
            CREATE TABLE "Größe"."zwei\nZeilen ä" ("é" text);
            INSERT INTO "Größe"."zwei\nZeilen ä" VALUES ('ÿ');
            COMMENT ON TABLE "Größe"."naïve" IS 'façade';
            CREATE FUNCTION "Größe".f() RETURNS text LANGUAGE sql AS 'SELECT ''ü''::text';
            """, "torture")
        try salvor.succeeds("backup", "shop=" + TortureDatabase.address(source))
        try salvor.succeeds("restore", "latest:shop", "--target", "\(salvor.folder.path)/files")
        let target = try ThrowawayPostgres()
        try load("\(salvor.folder.path)/files/torture", into: target, salvor)
        #expect(try target.psql("SHOW server_encoding", "torture") == "LATIN1")
        #expect(try TortureDatabase.definitions(target) == TortureDatabase.definitions(source))
        let contents = try TortureDatabase.contents(source)
        #expect(contents.count == 3, "a name has two lines")
        #expect(try TortureDatabase.contents(target) == contents)
    }
}
