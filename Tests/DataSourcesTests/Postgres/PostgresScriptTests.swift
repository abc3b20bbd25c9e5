import Platform
import TestDoubles
import Testing

@testable import DataSources

@Suite("The SQL by which psql alone rebuilds a database")
struct PostgresScriptTests {
    @Test("a list of names is taken apart by its quotes, and given back name by name")
    func takesListsApart() {
        #expect(
            PostgresFacts.Setting.elements(of: #"app, "Mixed, ""Case""", "$user","" , public"#)
                == ["app", #"Mixed, "Case""#, "$user", "", "public"])
        #expect(PostgresFacts.Setting.elements(of: "") == [])
        let path = PostgresFacts.Setting(role: "", name: "search_path", value: #"app, "$user""#)
        #expect(path.statement(database: "d") == #"ALTER DATABASE d SET "search_path" TO 'app', '$user'"#)
        let other = PostgresFacts.Setting(role: "o'r", name: "a.b", value: "x, 'y'")
        #expect(other.statement(database: "d") == #"ALTER ROLE "o'r" IN DATABASE d SET "a"."b" TO 'x, ''y'''"#)
    }

    @Test("of an archive's list event triggers and what fills views are found, whatever the names")
    func readsLists() {
        let list = PostgresArchiveList(
            """
            ; Archive created
            10; 1259 16384 TABLE public EVENT TRIGGER bob
            11; 3466 16385 EVENT TRIGGER - stop bob
            12; 0 0 COMMENT - EVENT TRIGGER stop bob
            13; 0 16386 MATERIALIZED VIEW DATA my schema a view bob
            14; 1259 16387 INDEX my schema an index the owner
            15; 0 0 INDEX ATTACH my schema an index the owner
            16; 0 0 COMMENT my schema INDEX an index the owner
            17; 1259 16388 INDEX my schema an index2 the owner
            """)
        #expect(list.items.count == 8)
        #expect(list.items.map(\.isEventTrigger) == [false, true, true] + Array(repeating: false, count: 5))
        #expect(
            list.items.filter(\.isRefresh).map(\.line) == ["13; 0 16386 MATERIALIZED VIEW DATA my schema a view bob"])
        let concerned = list.items.filter { $0.concerns(indexes: ["my schema an index"]) }
        #expect(concerned.map { $0.line.prefix(2) } == ["14", "15", "16"])
    }

    @Test("the word of psql's restriction is that of the key: the same each night, another in each repository")
    func restrictsByKey() throws {
        let one = try PostgresRestriction(key: Array(0..<16))
        #expect(try one.definition == PostgresRestriction(key: Array(0..<16)).definition)
        #expect(try one.opening != PostgresRestriction(key: Array(1..<17)).opening)
        #expect(one.definition.contains("E'\\\\restrict "))
    }

    @Test("of the roles' script a tablespace is no part, and no statement is read by psql itself")
    func writesRoles() {
        let text = PostgresRoleScript.text(
            of: Array(
                #"""
                CREATE ROLE "o'r";
                ALTER ROLE "o'r" WITH LOGIN PASSWORD 'x\gexec';
                CREATE TABLESPACE t OWNER x LOCATION '/a';
                GRANT a TO b;
                """#.utf8))
        #expect(text.contains(#"SELECT 'CREATE ROLE "o''r"' WHERE NOT EXISTS"#))
        #expect(text.contains(#"rolname = 'o''r') \gexec"#))
        #expect(text.contains("SELECT 'GRANT a TO b' \\gexec"))
        #expect(!text.contains("TABLESPACE t"))
    }
}
