import Platform
import TestDoubles
import Testing

@testable import DataSources

@Suite("The texts that PostgreSQL's adapter reads and writes")
struct PostgresTextTests {
    @Test(
        "a location with a password in it is refused, without repeating it",
        arguments: [
            "postgres://bob:s3cret@host/shop", "postgres://host/shop?password=s3cret",
            "postgres:host=h password=s3cret",
            "postgresql://bob:s3cret@/shop?host=/run", "postgres:dbname=x sslpassword='s3cret'",
            "postgres://bob:s3cret@host:notaport/shop",
        ])
    func refusesPassword(location: String) throws {
        let failure = #expect(throws: Failure.self) { try PostgresLocation(location) }
        #expect(failure?.kind == .usage)
        #expect(failure?.hint?.contains("PGPASSFILE") == true)
        #expect("\(failure as Any)".contains("s3cret") == false)
    }

    @Test("a location may be a URI or libpq's keywords")
    func readsLocations() throws {
        let uri = try PostgresLocation("postgres://bob@db.example:5433/shop?sslmode=require&databases=a,b%2Fc")
        #expect(uri.database == "shop")
        #expect(uri.databases == .named(["a", "b/c"]))
        #expect(
            uri.conninfo(database: "it's")
                == #"user='bob' host='db.example' port='5433' sslmode='require' dbname='it\'s'"#)
        let keywords = try PostgresLocation(
            #"postgres:service=shop  dbname = 'two words' options='-c a=\'b\'' databases=*"#)
        #expect(keywords.database == "two words")
        #expect(keywords.databases == .all)
        #expect(keywords.options == [.init("service", "shop"), .init("options", "-c a='b'")])
        #expect(try PostgresLocation("postgres://host/").databases == .one)
        #expect(try PostgresLocation("postgres://host/").database == nil)
        for wrong in ["postgres:shop", "postgres:host='x", "mysql://x", "postgres://h/d?nonsense=1"] {
            #expect(throws: Failure.self) { try PostgresLocation(wrong) }
        }
    }

    @Test("names of files can be read back, and never leave their directory")
    func escapesNames() {
        #expect(PostgresText.fileName(["public", "orders"]) == "public.orders")
        #expect(PostgresText.fileName(["a.b", "c"]) != PostgresText.fileName(["a", "b.c"]))
        #expect(PostgresText.fileName([".."]) == "%2e%2e")
        #expect(PostgresText.fileName(["a/b\n%~"]) == "a%2fb%0a%25%7e")
        let long = [String(repeating: "ü", count: 31), String(repeating: ".", count: 63)]
        let name = PostgresText.fileName(long)
        #expect(name.utf8.count == 180 + 17 && name.contains("~"))
        #expect(name != PostgresText.fileName([long[0], String(repeating: ".", count: 62)]))
    }

    @Test("identifiers and literals survive quotes, backslashes and line breaks")
    func quotes() {
        #expect(PostgresText.identifier("we\"ird", "a.b") == #""we""ird"."a.b""#)
        #expect(PostgresText.literal("it's") == "'it''s'")
        #expect(PostgresText.literal(#"a\'b"#) == #" E'a\\''b'"#)
    }

    @Test("the text of roles is taken apart at its semicolons only")
    func splitsStatements() {
        let text = """
            -- a comment; with a semicolon
            \\restrict abc
            CREATE ROLE "odd;na""me";
            COMMENT ON ROLE x IS 'it''s; two
            lines';
            ALTER ROLE x SET y TO E'back\\'slash;';
            """
        #expect(
            PostgresRoles.statements(text) == [
                #"CREATE ROLE "odd;na""me""#, "COMMENT ON ROLE x IS 'it''s; two\nlines'",
                #"ALTER ROLE x SET y TO E'back\'slash;'"#,
            ])
        #expect(PostgresRoles.identifier(#""odd;na""me" WITH LOGIN"#) == #"odd;na"me"#)
        #expect(PostgresRoles.identifier("bob WITH") == "bob")
    }

    @Test("definitions are told apart by pg_dump's headings, whatever stands in them")
    func readsDefinitions() throws {
        func read(_ text: String) throws -> PostgresStructure {
            var reader = PostgresStructure.Reader(key: Array(0..<16))
            try reader.read(Array(text.utf8).span)
            return try reader.finish()
        }
        let table = """
            --
            -- Name: a; Type: TABLE; Schema: public; Owner: bob
            --

            CREATE TABLE public.a (
            );


            """
        let index = """
            --
            -- Name: odd; Type: x; Type: INDEX; Schema: public; Owner: bob
            --

            CREATE INDEX "odd; Type: x" ON public.a USING btree (id);


            """
        let end = "--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n"
        let head =
            "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET default_table_access_method = heap;\n\n"
        let both = try read(head + table + index + end)
        #expect(both.definitions.keys.sorted() == ["INDEX\tpublic.odd; Type: x", "TABLE\tpublic.a"])
        #expect(try read(head + index + table + end) == both, "their order does not count")
        let other = try read(head + table + index.replacing("btree", "hash") + end)
        #expect(other.definitions["TABLE\tpublic.a"] == both.definitions["TABLE\tpublic.a"])
        #expect(other.hash != both.hash)
    }

    @Test("what pg_restore complains of is told by object, without its statement")
    func readsComplaints() {
        let text = """
            pg_restore: error: could not execute query: ERROR:  role "bob" does not exist
            Command was: CREATE USER MAPPING FOR bob OPTIONS (password 's3cret');
            pg_restore: warning: errors ignored on restore: 1
            """
        #expect(
            PostgresArchive.findings(text, database: "shop") == [
                Finding(.missing, "shop: CREATE USER MAPPING FOR", "role \"bob\" does not exist")
            ])
    }

    @Test("the clock in an archive's header is stopped, and nothing else is touched")
    func stopsClock() {
        func header(version: UInt8, compression: [UInt8], _ time: [UInt8]) -> [UInt8] {
            var bytes = Array("PGDMP".utf8) + [1, version, 0, 4, 8, 1] + compression
            for value in time { bytes += [0, value, 0, 0, 0] }
            return bytes + Array("the rest of the archive, which is longer than that".utf8)
        }
        for (version, compression) in [(UInt8(14), [UInt8](repeating: 0, count: 5)), (16, [0])] {
            var archive = Buffer(header(version: version, compression: compression, [39, 54, 22, 21, 10, 126, 0]).span)
            PostgresArchiveHeader.stopClock(&archive)
            #expect(archive.array() == header(version: version, compression: compression, [0, 0, 0, 1, 0, 100, 0]))
        }
        var stranger = Buffer(Array(repeating: UInt8(7), count: 100).span)
        PostgresArchiveHeader.stopClock(&stranger)
        #expect(stranger.array() == Array(repeating: 7, count: 100))
    }

    @Test("a pooler that gives each transaction another session is noticed")
    func noticesPooler() {
        #expect(!PostgresHolder.isPooled(before: "1", other: "2", after: "1"))
        #expect(PostgresHolder.isPooled(before: "1", other: "1", after: "2"))
        #expect(PostgresHolder.isPooled(before: "1", other: "2", after: "3"))
    }
}

extension String {
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
